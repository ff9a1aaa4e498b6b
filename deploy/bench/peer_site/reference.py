"""The lesson that every site carries when it is compared: 346 words, five headings, a photo, a question."""

import io
import json
import random
import zipfile

from PIL import Image, ImageFilter

SECTIONS = {
    "Why udder health pays": (
        "Mastitis is an inflammation of the udder, usually caused by bacteria that enter through the teat. A"
        " buffalo with mastitis gives less milk, and the milk keeps badly. On a farm with four animals, one"
        " sick quarter can cost a family the profit of a whole month. The good news is that most cases can be"
        " prevented with clean hands, a clean floor and a fixed milking order."
    ),
    "What to look for": (
        "Look at the first strokes of milk on a dark plate before every milking. Flakes, clots, blood or"
        " watery milk are warning signs. Touch all four quarters with the back of your hand. A quarter that"
        " is hot, hard or painful needs attention today, not tomorrow. Watch the animal too: does she eat"
        " less, stand apart, or kick when you touch the udder?"
    ),
    "What to do today": (
        "Milk the sick animal last and into a separate bucket. Do not sell or drink that milk, and do not"
        " give it to calves. Wash your hands with soap before you touch the next animal. Empty the sick"
        " quarter often, every four hours if you can, because emptying removes bacteria. Call the veterinary"
        " assistant and write down the date, the animal and the quarter."
    ),
    "Medicine and waiting days": (
        "Antibiotics need a prescription and a full course. If you stop early because the milk looks better,"
        " the disease often comes back and the medicine stops working. Ask for the waiting time, that is,"
        " the number of days in which the milk must not be sold. Write it on the wall above the animal so"
        " that every member of the family can see it, including the person who sells the milk."
    ),
    "Prevent the next case": (
        "Keep the resting place dry. Change wet bedding daily. Dip the teats after each milking and let the"
        " animals stand for half an hour so that the teat can close. Buy new animals only after checking the"
        " udder and the first milk yourself. Talk with your partner about who milks, who cleans and who"
        " keeps the notebook, because a shared routine is kept more often than a lonely one."
    ),
}

# The smallest content type that H5P plays: real ones bring half a megabyte of libraries, so what is said
# about the weight of the peer's pages is the least they can weigh.
LIBRARY = {
    "title": "Bench true or false",
    "machineName": "H5P.BenchTrueFalse",
    "majorVersion": 1,
    "minorVersion": 0,
    "patchVersion": 0,
    "runnable": 1,
    "preloadedJs": [{"path": "question.js"}],
}
SCRIPT = """
H5P.BenchTrueFalse = function (params) {
  H5P.EventDispatcher.call(this);
  this.attach = function (container) {
    container.html('<p>' + params.question + '</p><button class="bench-answer">True</button>');
  };
};
"""


def text() -> str:
    """The words as rich text."""
    return "".join(f"<h2>{title}</h2><p>{words}</p>" for title, words in SECTIONS.items())


def photo() -> bytes:
    """A grainy field under a grainy sky, because a smooth picture would compress too well."""
    grain = random.Random(7)  # noqa: S311
    picture = Image.new("RGB", (800, 533))
    for y in range(533):
        tone = (150 + y // 6, 185 + y // 8, 225) if y < 220 else (96 + y // 9, 140 - y // 14, 66)
        for x in range(800):
            noise = grain.randint(-12, 12)
            picture.putpixel((x, y), tuple(max(0, min(255, colour + noise)) for colour in tone))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.1)).save(out, "JPEG", quality=80)
    return out.getvalue()


def question() -> bytes:
    """An .h5p file with one true/false question and its library."""
    of = {"machineName": LIBRARY["machineName"], "majorVersion": 1, "minorVersion": 0}
    package = {
        "title": "True or false",
        "language": "en",
        "mainLibrary": LIBRARY["machineName"],
        "embedTypes": ["div"],
        "preloadedDependencies": [of],
    }
    files = {
        "h5p.json": json.dumps(package),
        "content/content.json": json.dumps({"question": "A hot quarter can wait until tomorrow."}),
        "H5P.BenchTrueFalse-1.0/library.json": json.dumps(LIBRARY),
        "H5P.BenchTrueFalse-1.0/question.js": SCRIPT,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, content in files.items():
            package_file.writestr(name, content)
    return out.getvalue()
