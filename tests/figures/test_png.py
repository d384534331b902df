"""PNG files read back by a program that is not ours, pixel for pixel."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from PIL import Image

from evisynth.figures import encode_png

Pixels = NDArray[np.uint8]


def read(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()  # checks the sums of every chunk and the end of the file
    return image


def noise(height: int, width: int, seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


# Lines are compressed 32 at a time: one less, as many, one more, and several such bands.
@given(
    height=st.sampled_from([1, 2, 31, 32, 33, 64, 100]), width=st.integers(1, 70), seed=st.integers(0, 2**32)
)
def test_every_pixel_comes_back(height: int, width: int, seed: int) -> None:
    pixels = noise(height, width, seed)
    pixels[0, 0, 3] = 254
    image = read(encode_png(pixels, 300, {}))
    assert image.mode == "RGBA"
    assert np.array_equal(np.asarray(image), pixels)


@given(height=st.integers(1, 70), width=st.integers(1, 70), seed=st.integers(0, 2**32))
def test_opacity_is_left_out_where_all_is_opaque(height: int, width: int, seed: int) -> None:
    pixels = noise(height, width, seed)
    pixels[..., 3] = 255
    image = read(encode_png(pixels, 300, {}))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), pixels[..., :3])


def test_lines_that_lie_apart_in_memory_are_read_in_their_order() -> None:
    pixels = noise(40, 30, 7)[::2, ::-1]
    assert np.array_equal(np.asarray(read(encode_png(pixels, 300, {})).convert("RGBA")), pixels)


@pytest.mark.parametrize("dots", [72, 96, 300, 600])
def test_the_size_is_known(dots: int) -> None:
    # PNG keeps whole dots per metre, of which an inch has 0.0254.
    assert read(encode_png(noise(2, 3, 1), dots, {})).info["dpi"] == pytest.approx((dots, dots), abs=0.0127)


@pytest.mark.parametrize(
    "text", ["plain", "", "Größe, 5 m²", "τ² = 0.12 – “wide”", "生存率 🙂", "many words " * 1000]
)
def test_words_come_back_in_every_script(text: str) -> None:
    words = {"Title": "first", "Description": text}
    found = read(encode_png(noise(2, 3, 1), 300, words)).info
    assert {key: found[key] for key in words} == words


def test_words_that_latin_1_has_are_kept_in_it() -> None:
    content = encode_png(noise(2, 3, 1), 300, {"Title": "Größe", "Description": "τ"})
    assert content.count(b"tEXt") == content.count(b"iTXt") == 1


def test_white_paper_takes_no_room() -> None:
    assert len(encode_png(np.full((2000, 3000, 4), 255, dtype=np.uint8), 300, {})) < 100_000
