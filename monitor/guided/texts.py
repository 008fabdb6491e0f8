"""Every sentence of the guided tests: never "safe", never a diagnosis; one place, ready for translation."""

from __future__ import annotations

from monitor.settings import GuidedSettings

CONSENT = (
    "Shortened hold: a laboratory task that can bring on a calf cramp, and that is its purpose. It hurts, it may leave"
    " the calf sore for days, and a calf that has cramped cramps more easily for an hour. About a third of healthy"
    " people cramp in it. You can stop at any time without giving a reason. Do it only with a second person beside"
    " you, under a protocol that an ethics board has approved, and not with a calf injury, a clotting disorder, a"
    " blood clot now or before, pregnancy, kidney or muscle disease, or when unwell. Crampwatch is a training aid, not"
    " a medical device. Pain that stays, weakness, swelling or dark urine afterwards: get medical help."
)
AGREE = "I agree"
HOLD_STEPS = {
    "prepare": "Lie face down, knees straight, feet over the edge; the foot of the {leg} leg pointed. Enter begins.",
    "rest": "Let go and stay lying. Enter = it cramps now.",
    "test": "Pull as hard as you can, {leg} leg, at most {most:.0f} s. Enter = it cramps now.",
    "cramp": "Cramp noted. Stretch: pull the toes towards the shin. Enter = it is over.",
    "done": "Done. The calf may cramp again for an hour; stretch gently, drink as you like.",
}


def rises_of(number: float, kind: str = "rise") -> str:
    """ "1 rise", "2 rises"; kind : such as "heel rise"."""
    return f"{number:.0f} {kind}{'' if round(number) == 1 else 's'}"


def heel_rise(phase: str, leg: str, rises: int, rest_s: float, settings: GuidedSettings) -> str:
    """What to do now."""
    rate, warm_up = f"{settings.rises_per_min:.0f} rises per minute", rises_of(settings.warm_up_rises, "heel rise")
    sentences = {
        "prepare": "Calibrate the ankles (stand still, pump the ankles, walk), then stand still. Enter goes on.",
        "warm-up": f"Warm up: {warm_up} on both legs, as high as you can ({rises} done).",
        "rest": f"Rest {rest_s:.0f} s. Then: {leg} leg alone, knee straight, fingertips on the wall.",
        "test": f"{leg} leg: as high as you can, {rate}, until you cannot go on ({rises} counted). Enter ends it.",
        "done": "The test is done.",
    }
    return sentences[phase]


def by_button(prompt: str) -> str:
    """The same where a button takes the place of the key."""
    return prompt.replace("Enter", "The button")
