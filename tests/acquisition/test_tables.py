"""Imported tables: what the file says comes out, what is wrong with it is said in one sentence."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.io import wavfile

from monitor.acquisition.tables import read_table
from monitor.errors import TableError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
IMU_HEADER = "time_s,acc_x_g,acc_y_g,acc_z_g,gyr_x_dps,gyr_y_dps,gyr_z_dps"


def written(tmp_path: Path, text: str, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def emg_csv(tmp_path: Path, time_s: np.ndarray, form: str = "%.6f") -> Path:
    rows = "".join(f"{form % t},{i % 7}\n" for i, t in enumerate(time_s))
    return written(tmp_path, "time_s,GM_uV\n" + rows)


def test_units_and_labels_come_from_the_header(tmp_path):
    path = written(tmp_path, "time_s,GM_uV,GL_mV,left SOL_V,T_A_counts\n1.0,1,2,3,4\n1.1,5,6,7,8\n1.2,9,10,11,12\n")
    chunk = read_table(path)
    assert chunk.stream.name == "emg"
    assert [(channel.label, channel.unit) for channel in chunk.stream.channels] == [
        ("GM", "uV"), ("GL", "uV"), ("left SOL", "uV"), ("T_A", "counts"),
    ]  # fmt: skip
    np.testing.assert_allclose(chunk.samples[0], [1, 2e3, 3e6, 4])
    np.testing.assert_allclose(chunk.time_s, [1.0, 1.1, 1.2])
    assert chunk.stream.rate_hz == pytest.approx(10.0)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_empty_cell_is_a_lost_sample(tmp_path, line_end):
    lines = ["\ufefftime_s,GM_uV,GL_uV", "0.000,1,", "0.001,,2", "0.002, ,nan", "0.003,5,6", ""]
    chunk = read_table(written(tmp_path, line_end.join(lines)))
    np.testing.assert_array_equal(chunk.samples, [[1, np.nan], [np.nan, 2], [np.nan, np.nan], [5, 6]])


def test_imu_takes_the_six_columns_in_any_order_and_no_magnetometer(tmp_path):
    header = "time_s,mag_x_uT,gyr_z_dps,acc_x_g,acc_y_g,acc_z_g,gyr_x_dps,gyr_y_dps"
    chunk = read_table(written(tmp_path, header + "\n0,99,6,1,2,3,4,5\n.01,99,6,1,2,3,4,5\n.02,99,6,1,2,3,4,5\n"))
    assert chunk.stream.name == "imu"
    assert chunk.stream.labels == ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
    np.testing.assert_array_equal(chunk.samples[1], [1, 2, 3, 4, 5, 6])


def test_angle(tmp_path):
    chunk = read_table(written(tmp_path, "time_s,ankle_deg\n0,-10\n.01,-11\n.02,-12\n"), "angle")
    assert (chunk.stream.name, chunk.stream.channels[0].unit) == ("angle", "deg")
    np.testing.assert_array_equal(chunk.samples[:, 0], [-10, -11, -12])


def test_the_same_columns_in_npz_and_parquet(tmp_path):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    time_s, gm = np.arange(100) / 500, np.arange(100.0)
    gm[7] = np.nan
    np.savez(tmp_path / "a.npz", GM_mV=gm, time_s=time_s)
    parquet.write_table(
        pyarrow.table({"time_s": time_s, "GM_mV": [None if i == 7 else float(i) for i in range(100)]}),
        tmp_path / "a.parquet",
    )
    for chunk in (read_table(tmp_path / "a.npz"), read_table(tmp_path / "a.parquet")):
        np.testing.assert_allclose(chunk.samples[:, 0], gm * 1e3)
        assert chunk.stream.rate_hz == pytest.approx(500)


@pytest.mark.parametrize("rate_hz", [200.0, 997.3, 1000.0, 2048.0])
def test_the_rate_is_measured_whatever_the_gaps(tmp_path, rate_hz):
    time_s = 17.0 + np.arange(4000) / rate_hz
    kept = np.ones(4000, dtype=bool)
    kept[[100, 2000, 2001, 3500]] = False
    kept[2500:2700] = False
    chunk = read_table(emg_csv(tmp_path, time_s[kept], "%.9f"))
    assert chunk.stream.rate_hz == pytest.approx(rate_hz, rel=1e-6)
    np.testing.assert_allclose(chunk.time_s, time_s, atol=1e-6)
    np.testing.assert_array_equal(np.isnan(chunk.samples[:, 0]), ~kept)


def test_stamps_rounded_to_milliseconds_lose_nothing(tmp_path):
    time_s = np.arange(3000) / 900.0
    chunk = read_table(emg_csv(tmp_path, time_s, "%.3f"))
    assert len(chunk) == 3000
    assert chunk.stream.rate_hz == pytest.approx(900.0, rel=1e-4)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.1])
def test_single_losses_show_in_milliseconds_too(tmp_path, share):
    kept = np.random.default_rng(3).random(3000) >= share
    kept[[0, -1]] = True
    chunk = read_table(emg_csv(tmp_path, (np.arange(3000) / 1000.0)[kept], "%.3f"))
    assert len(chunk) == 3000
    np.testing.assert_array_equal(np.isnan(chunk.samples[:, 0]), ~kept)


def test_a_long_gap_stays_a_hole(tmp_path):
    time_s = np.concatenate([np.arange(1000) / 1000, 60 + np.arange(1000) / 1000])
    chunk = read_table(emg_csv(tmp_path, time_s))
    assert len(chunk) == 2000
    assert chunk.stream.rate_hz == pytest.approx(1000)
    assert not np.isnan(chunk.samples).any()


def test_time_rises_strictly_with_filled_gaps(tmp_path):
    kept = np.random.default_rng(1).random(5000) > 0.2
    chunk = read_table(emg_csv(tmp_path, (np.arange(5000) / 1259.0)[kept]))
    assert (np.diff(chunk.time_s) > 0).all()


def test_blocks_of_a_long_table_join(tmp_path):
    chunk = read_table(emg_csv(tmp_path, np.arange(120_000) / 1000))
    assert len(chunk) == 120_000
    np.testing.assert_array_equal(chunk.samples[:, 0], np.arange(120_000) % 7)


def test_wav_gives_its_first_channel(tmp_path):
    stereo = np.stack([np.arange(500), -np.arange(500)], axis=1).astype(np.int16)
    wavfile.write(tmp_path / "a.wav", 8000, stereo)
    chunk = read_table(tmp_path / "a.wav")
    assert (chunk.stream.rate_hz, chunk.stream.channels[0].unit, chunk.time_s[0]) == (8000, "counts", 0)
    np.testing.assert_array_equal(chunk.samples[:, 0], np.arange(500))


def test_npz_with_rate_and_samples(tmp_path):
    np.savez(tmp_path / "a.npz", fs=2000.0, x=np.arange(10).reshape(5, 2), units="mV")
    chunk = read_table(tmp_path / "a.npz")
    assert chunk.stream.rate_hz == 2000
    np.testing.assert_array_equal(chunk.samples, np.arange(10).reshape(5, 2) * 1e3)


def open_signals(path: Path, sensors: list[str]) -> Path:
    with h5py.File(path, "w") as file:
        device = file.create_group("00:07:80:00:00:00")
        device.attrs["sampling rate"] = np.int32(1000)
        raw = device.create_group("raw")
        for number, sensor in enumerate(sensors, start=1):
            channel = raw.create_dataset(f"channel_{number}", data=np.full((50, 1), number, dtype=np.uint16))
            channel.attrs["sensor"], channel.attrs["label"] = sensor, f"CH{number}"
        raw.create_dataset("nSeq", data=np.arange(50)[:, None])
    return path


def test_open_signals_chooses_by_the_sensor(tmp_path):
    chunk = read_table(open_signals(tmp_path / "a.h5", ["ECG", "EMG", "GONIO", "EMG"]))
    assert chunk.stream.labels == ("CH2", "CH4")
    np.testing.assert_array_equal(chunk.samples[0], [2, 4])
    with pytest.raises(TableError, match="ECG"):
        read_table(open_signals(tmp_path / "b.h5", ["ECG"]))


WRONG = {
    "": "empty",
    "1,2\n3,4\n5,6\n": "no header line",
    "time_s;GM_uV\n0;1\n": "commas",
    "time_s,GM_uV\n": "no rows",
    "time_s,GM_uV\n0,1\n1,2\n": "too few",
    "GM_uV,time_s\n0,1\n1,2\n": "put 'time_s' first",
    "t,GM_uV\n0,1\n1,2\n": "no column 'time_s'",
    "time_s,GM\n0,1\n1,2\n2,3\n": "column 'GM'",
    "time_s\n0\n1\n2\n": "no EMG channel",
    "time_s,GM_uV,GM_uV\n0,1,1\n": "twice",
    "time_s,GM_uV,GM_mV\n0,1,1\n": "twice",
    "time_s,GM_uV\n0,1\n1,two\n2,3\n": "line 3.*'two'.*'GM_uV'",
    "time_s,GM_uV\n0,1\n1,1_0\n2,3\n": "line 3.*'1_0'",
    "time_s,GM_uV\n0,1\n1,2,3\n2,3\n": "line 3.*3 cells",
    "time_s,GM_uV\n0,1\n2,2\n1,3\n": "line 4",
    "time_s,GM_uV\n0,1\n1,2\n1,3\n": "does not rise at line 4",
    "time_s,GM_uV\n0,1\n,2\n2,3\n": "line 3.*no time",
    "time_s,GM_uV\n0,1\n1,inf\n2,3\n": "infinite at line 3",
    "time_s,acc_x_g\n0,1\n1,2\n2,3\n": "no column 'acc_y_g'",
    f"{IMU_HEADER},temp\n": "'temp'",
    "time_s,ankle_deg,knee_deg\n0,1,1\n": "angle table",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_a_wrong_table_is_told_in_one_sentence(tmp_path, text, told):
    with pytest.raises(TableError, match=told) as caught:
        read_table(written(tmp_path, text))
    assert "table.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".wav", ".h5", ".hdf5", ".parquet", ".xyz"])
@pytest.mark.parametrize("content", ["missing", "folder", "empty", "rubbish", "zeros", "text"])
def test_no_file_brings_anything_but_a_table_error(tmp_path, suffix, content):
    path = tmp_path / f"wrong{suffix}"
    if content == "folder":
        path.mkdir()
    elif content != "missing":
        rubbish = np.random.default_rng(0).bytes(5000)
        path.write_bytes({"empty": b"", "rubbish": rubbish, "zeros": bytes(5000), "text": b"hello\n" * 9}[content])
    with pytest.raises(TableError, match="wrong"):
        read_table(path)


@pytest.mark.parametrize("suffix", [".npz", ".wav", ".h5", ".parquet"])
def test_a_cut_file_brings_a_table_error_or_what_is_left(tmp_path, suffix):
    whole = tmp_path / f"whole{suffix}"
    if suffix == ".npz":
        np.savez_compressed(whole, time_s=np.arange(9999) / 1e3, GM_uV=np.random.default_rng(0).normal(size=9999))
    elif suffix == ".wav":
        wavfile.write(whole, 1000, np.arange(9999, dtype=np.int16))
    elif suffix == ".h5":
        open_signals(whole, ["EMG"])
    else:
        pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(pyarrow.table({"time_s": np.arange(9999) / 1e3, "GM_uV": np.arange(9999.0)}), whole)
    content = whole.read_bytes()
    for share in (0.001, 0.1, 0.5, 0.9, 0.999):
        cut = tmp_path / f"cut{suffix}"
        cut.write_bytes(content[: int(len(content) * share)])
        try:
            assert len(read_table(cut))
        except TableError as error:
            assert "cut" in str(error)


def test_npz_with_objects_or_text_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", time_s=np.arange(5.0), GM_uV=np.array([{}] * 5))
    np.savez(tmp_path / "b.npz", time_s=np.arange(5.0), GM_uV=np.array(["a"] * 5))
    np.savez(tmp_path / "c.npz", time_s=np.arange(5.0), GM_uV=np.arange(4.0))
    np.savez(tmp_path / "d.npz", fs=0.0, x=np.arange(4.0))
    for name in "abcd":
        with pytest.raises(TableError):
            read_table(tmp_path / f"{name}.npz")


def test_a_table_of_another_kind_is_refused(tmp_path):
    with pytest.raises(TableError, match="EMG table"):
        read_table(written(tmp_path, "time_s,ankle_deg\n0,1\n1,2\n2,3\n"), "emg")
    wavfile.write(tmp_path / "a.wav", 8000, np.arange(500, dtype=np.int16))
    with pytest.raises(TableError, match="EMG alone"):
        read_table(tmp_path / "a.wav", "imu")


@pytest.mark.skipif(not DATA.is_dir(), reason="the recorded test files are not beside this checkout")
@pytest.mark.parametrize(
    ("name", "rate_hz", "n_samples"),
    [
        ("emg_sustained/S8_EMG_bicep_sustained.wav", 10000, 445935),
        ("emg_sustained/S9_EMG_quadricep_squatSustained_2000Hz.npz", 2000, 98215),
        ("emg_sustained/bsnb_emg_fatigue.h5", 1000, 126900),
        ("emg_dynamic/bsnb_emg_bursts.h5", 1000, 28519),
    ],
)
def test_recorded_files(name, rate_hz, n_samples):
    chunk = read_table(DATA / name)
    assert (chunk.stream.rate_hz, chunk.samples.shape) == (rate_hz, (n_samples, 1))
