"""Every fault of a profile is found at once, each with its line and place."""

import pytest
from made import made

from monitor.acquisition.profile import check_profile


def line_with(text, part):
    return next(i for i, line in enumerate(text.splitlines(), start=1) if part in line)


ONE_FAULT = [
    # packets and fields
    (
        'name = "board", type = "u8", offset = 24',
        'name = "board", type = "u8", offset = 23',
        "repeat = { offset = 6",
        "overlaps",
    ),
    ('name = "board", type = "u8", offset = 24', 'name = "board", type = "u8", offset = 25', "length = 27", "bytes 24"),
    ('name = "pad", type = "pad", offset = 8 }', 'name = "pad", type = "pad", offset = 7 }', "", "overlaps"),
    ('type = "i24", offset = 0, shape = 2', 'type = "i23", offset = 0, shape = 2', "i23", "i24"),
    ('{ at = -1, hex = "AA" }', '{ at = -28, hex = "AA" }', "at = -28", "beyond the packet"),
    ('mask = "F0"', 'mask = "F000"', 'mask = "F000"', "as long as the tag"),
    ("min_length = 18", "length = 18, min_length = 18", "min_length = 18", "either length or min_length"),
    ("min_length = 18", "min_length = 17", "repeat = { offset = 10", "do not fit a packet of 17"),
    ('stride = 8, count = "to_end"', "stride = 8, count = 1", "stride = 8, count = 1", "to_end"),
    ('char = "command"\nhex = "B0"', 'char = "command"\nhex = "B"', 'hex = "B"', "hexadecimal"),
    # framings
    ("frame_len = 10", "frame_len = 11", "length = 10", "must be frame_len"),
    ('mode = "partial"\nchars = ["pieces"]', 'mode = "partial"\nchars = ["stream"]', "", "another framing already"),
    ("remaining_at = 1", "remaining_at = 0", "remaining_at = 0", "greater than or equal to 1"),
    ('mode = "partial"', 'mode = "particle"', "", "partial"),
    ('mode = "partial"', 'mode = "codec"\ncodec = "none"', "", "not known"),
    ("remaining_at = 1", "", "", "missing"),
    # counters and clocks
    ('field = "n"', 'field = "packets"', 'field = "packets"', "in its samples"),
    ('coarse = "packets"', 'coarse = "n"', 'coarse = "n"', "no whole number 'n' in its header"),
    ("coarse_wrap = [0, 255]\n", "", "[[counter]]", "belong together"),
    ("wrap = [0, 99]", "wrap = [0, 256]", "wrap = [0, 256]", "does not fit"),
    ('field = "us"', 'field = "emg"', 'field = "emg"', "no whole number"),
    ('streams = ["quat"]', 'streams = ["quad"]', 'streams = ["quad"]', "no stream 'quad'"),
    ('stream = "acc"', 'stream = "ack"', 'stream = "ack"', "no stream 'ack'"),
    # variants, options, conditions
    ('default = "raw"', 'default = "raws"', 'default = "raws"', "no choice 'raws'"),
    ('when = { mode = ["raw"] }', 'when = { mode = ["wrong"] }', 'when = { mode = ["wrong"] }', "no mode 'wrong'"),
    ('when = { mode = ["raw"] }', 'when = { moode = ["raw"] }', "moode", "no moode"),
    ("default = true\n", "", "[[variant]]", "exactly one variant"),
    ('hex = "A0 {gain} {mode}"', 'hex = "A0 {gane} {gain} {mode}"', "{gane}", "names an option"),
    ('hex = "A0 {gain}", timeout', 'hex = "A0 {gaim}", timeout', "{gaim}", "names an option"),
    ("rate_nominal_hz = 250.0 }", "rate_nominal_hz = -250.0 }", "", "greater than 0"),
    ('options = { mode = "quat" }', 'options = { mode = "squat" }', "squat", "no mode 'squat'"),
    ('id = "board"', 'id = "band"', "", "stands twice"),
    # steps, streams, link, quality, sim, vectors
    ('ascii = "START"', 'ascii = "START"\nhex = "01"', 'ascii = "START"', "either hex or ascii"),
    ('expect = { char = "data"', 'expect = { char = "command"', "expect =", "does not notify"),
    ('clock = "time"', 'clock = "counter"', "", "no [[counter]]"),
    ('clock = "time"', 'clock = "stream"', 'clock = "stream"', "another stream"),
    ("min_mtu = 40", "min_mtu = 29", "min_mtu = 29", "MTU of 30"),
    ('loss_visibility = "counted"\n', "", "[quality]", "missing"),
    ("repetitions = 3\n", "", "", "no fixed length"),
    ("max_per_adapter = 4", "max_per_adapter = 0", "max_per_adapter = 0", "greater than or equal to 1"),
    ("empty = 3000", "empty = 4200", "[advert.battery]", "must differ"),
    ("counts.emg = [[1, -1]", "counts.emg = [[1, 1]", '"55 07', "decodes to emg"),
    ("board = 42", "board = 41", '"55 07', "decodes to the fields"),
    ('hex = "FF 00 0040', 'hex = "FF 01 0040', '"FF 01 0040', "1 pieces of a packet did not come"),
]


@pytest.mark.parametrize(("old", "new", "where", "reason"), ONE_FAULT, ids=range(len(ONE_FAULT)))
def test_a_fault_is_found_with_its_line(tmp_path, old, new, where, reason):
    path = made(tmp_path, (old, new))
    profile, faults = check_profile(path)
    assert profile is None
    found = [fault for fault in faults if reason in fault]
    assert found, faults
    if where:
        assert f"line {line_with(path.read_text(encoding='utf-8'), where)}," in found[0]


def test_every_fault_is_found_at_once(tmp_path):
    changes = [
        ('field = "us"', 'field = "hours"'),
        ("min_mtu = 40", "min_mtu = 23"),
        ("frame_len = 10", "frame_len = 12"),
        ('streams = ["quat"]', 'streams = ["quad"]'),
    ]
    _, faults = check_profile(made(tmp_path, *changes))
    for part in ("clock[0].field", "link.min_mtu", "packet[2].select", "clock[1].streams"):
        assert any(f", {part}: " in fault for fault in faults), faults
    assert len(faults) == len(set(faults))


def test_every_misspelling_is_found_at_once(tmp_path):
    _, faults = check_profile(made(tmp_path, ("min_mtu", "min_mto"), ('kind = "quat"', 'kind = "quad"')))
    assert len(faults) == 3 and "min_mto" in faults[0] and "not known" in faults[0]


def test_too_many_combinations_are_refused(tmp_path):
    options = "\n".join(
        f'[option.o{i}]\ntext = "x"\ndefault = "a"\nchoices = {{ a = "00", b = "01" }}\n'
        f"[[override]]\nwhen = {{ o{i} = ['b'] }}\nset = {{ link = {{ min_mtu = 50 }} }}"
        for i in range(5)
    )
    _, faults = check_profile(made(tmp_path, ("[option.mode]", options + "\n[option.mode]")))
    assert len(faults) == 1 and "128 combinations" in faults[0]


def test_two_kinds_of_packets_that_nothing_counts_share_no_clock(tmp_path):
    other = """[[packet]]
id = "other"
chars = ["pieces"]
select = { min_length = 18, tags = [{ at = 0, hex = "E0", mask = "F0" }] }
endian = "little"
header_fields = [{ name = "ns", type = "u64", offset = 1 }, { name = "pad", type = "pad", offset = 9 }]
repeat = { offset = 10, stride = 8, count = "to_end" }
sample_fields = [{ name = "quat", type = "i16", offset = 0, shape = 4 }]
when = { mode = ["quat"] }

[stream.quat]"""
    _, faults = check_profile(
        made(tmp_path, ("[stream.quat]", other), ('packets = ["quat"]', 'packets = ["quat", "other"]'))
    )
    assert len(faults) == 1 and "nothing counts the packets quat and other" in faults[0], faults


def test_an_option_that_nothing_asks_for(tmp_path):
    option = '[option.idle]\ntext = "x"\ndefault = "a"\nchoices = { a = "00" }\n\n[option.mode]'
    _, faults = check_profile(made(tmp_path, ("[option.mode]", option)))
    assert len(faults) == 1 and "option.idle: no step and no condition asks for it" in faults[0]


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "schema = 1\n"])
def test_an_empty_file_lacks_everything(tmp_path, text):
    path = tmp_path / "empty.toml"
    path.write_text(text, encoding="utf-8")
    assert any("profile: this key is missing" in fault for fault in check_profile(path).faults)


@pytest.mark.parametrize(
    "text",
    [
        "profile = 3",
        "packet = 4",
        "[profile]\nincludes = 5",
        "step = []",
        "option = [1]",
        "packet = [5]\nprofile.includes = ['umyo']",
    ],
)
def test_tables_of_the_wrong_shape_are_faults(tmp_path, text):
    path = tmp_path / "wrong.toml"
    path.write_text(f"schema = 1\n{text}\n", encoding="utf-8")
    assert check_profile(path).faults


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_lacks_everything_and_has_no_line(tmp_path, text):
    path = tmp_path / "empty.toml"
    path.write_text(text, encoding="utf-8")
    assert any("schema" in fault for fault in check_profile(path).faults)
