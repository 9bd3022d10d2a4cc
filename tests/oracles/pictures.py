"""Writes tests/golden/image/pictures: small files of every kind that decode() reads, the pixels that Pillow sees in
them (binary PPM), and cases.json, which names them and the versions that made them.

Expected pixels: Image.open, ImageOps.exif_transpose; transparency pasted over the background; CMYK by convert("RGB");
of 16-bit grey the upper byte (Pillow's own conversion cuts everything over 255 to white)."""
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, features

OUT = pathlib.Path(__file__).parent.parent / "golden" / "image" / "pictures"
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
rng = np.random.default_rng(2020)
cases = []


def photo(width, height):
    """Smooth colours, an edge and some noise."""
    y, x = np.mgrid[:height, :width]
    rgb = np.stack([x * 255 / width, y * 255 / height, 127 + 120 * np.sin((x + 2 * y) / 5)], -1)
    rgb[x > y * width / height] = 255 - rgb[x > y * width / height]
    return Image.fromarray(np.clip(rgb + rng.normal(0, 8, rgb.shape), 0, 255).astype(np.uint8))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, depth, color_type, interlaced=False, before=b"", after=b""):
    """A PNG of samples (H, W, channels), which Pillow cannot write in every depth."""
    height, width, _ = samples.shape

    def rows(part):
        bits = part.reshape(len(part), -1)
        if depth == 16:
            packed = bits.astype(">u2").view(np.uint8).reshape(len(part), -1)
        elif depth == 8:
            packed = bits.astype(np.uint8)
        else:
            unpacked = (bits[..., None] >> np.arange(depth - 1, -1, -1)) & 1
            packed = np.packbits(unpacked.reshape(len(part), -1).astype(np.uint8), axis=1)
        return b"".join(b"\0" + row.tobytes() for row in packed)

    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = zlib.compress(b"".join(rows(p) for p in passes if p.size), 9)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND", b""))


def saved(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def expected(data, background):
    image = Image.open(io.BytesIO(data))
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        values = np.asarray(image)
        grey = (values >> 8).astype(np.uint8)
        rgb = np.repeat(grey[..., None], 3, 2)
        if "transparency" in image.info:
            rgb[values == image.info["transparency"]] = background
        return Image.fromarray(rgb)
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        below = Image.new("RGB", image.size, background)
        below.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return below
    return image.convert("RGB")


def add(name, data, background=(255, 255, 255), like=None):
    """A case; where Pillow errs, `like` is another file of the same pixels, which it reads well."""
    (OUT / name).write_bytes(data)
    expected(like or data, background).save(OUT / (name + ".ppm"))
    cases.append({"file": name, "expected": name + ".ppm", "background": background})


def exif(orientation, big=False):
    order, mark = (">", b"MM") if big else ("<", b"II")
    return mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    image, small = photo(37, 29), photo(13, 9)
    alpha = Image.fromarray(rng.integers(0, 256, (29, 37), dtype=np.uint8))
    alpha.paste(0, (0, 0, 9, 29))
    alpha.paste(255, (9, 0, 18, 29))
    rgba = image.copy()
    rgba.putalpha(alpha)
    grey_alpha = Image.merge("LA", (image.convert("L"), alpha))

    for name, options in {"444": {"subsampling": 0}, "422": {"subsampling": 1}, "420": {"subsampling": 2},
                          "progressive": {"progressive": True, "subsampling": 2},
                          "rgb": {"keep_rgb": True}, "restart": {"restart_marker_blocks": 2},
                          "coarse": {"quality": 5}}.items():
        add(f"jpeg_{name}.jpg", saved(image, "JPEG", **{"quality": 85, **options}))
    add("jpeg_grey.jpg", saved(image.convert("L"), "JPEG"))
    add("jpeg_1x1.jpg", saved(image.crop((0, 0, 1, 1)), "JPEG"))
    cmyk = saved(image.convert("CMYK"), "JPEG", quality=90)
    add("jpeg_cmyk.jpg", cmyk)
    adobe = cmyk.index(b"Adobe")
    add("jpeg_ycck.jpg", cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :])
    for orientation in range(1, 9):
        block = b"Exif\0\0" + exif(orientation, big=orientation % 2 == 0)
        add(f"orientation_{orientation}.jpg", saved(small, "JPEG", exif=block))
        add(f"orientation_{orientation}.png", saved(small, "PNG", exif=block))
        add(f"orientation_{orientation}.webp", saved(small, "WEBP", lossless=True, exif=block))
    add("orientation_9.jpg", saved(small, "JPEG", exif=b"Exif\0\0" + exif(9)))
    add("orientation_after_pixels.png", png(np.asarray(small), 8, 2, after=chunk(b"eXIf", exif(6))))

    rgb8 = np.asarray(image).astype(int)
    rgb16 = rgb8 * 257 - rng.integers(0, 257, rgb8.shape) * (rgb8 > 0)
    grey16, grey8 = rgb16[..., :1], rgb8[..., :1]
    alpha16 = np.asarray(alpha).astype(int)[..., None] * 257
    palette = chunk(b"PLTE", rng.integers(0, 256, 48, dtype=np.uint8).tobytes())
    trns = lambda *values: chunk(b"tRNS", struct.pack(f">{len(values)}H", *values))
    for interlaced in (False, True):
        tail = "_interlaced.png" if interlaced else ".png"
        add("png_rgb" + tail, png(rgb8, 8, 2, interlaced))
        add("png_grey1" + tail, png(grey8 >> 7, 1, 0, interlaced))
        add("png_palette4" + tail, png(grey8 >> 4, 4, 3, interlaced, palette))
        add("png_rgba" + tail, png(np.dstack([rgb8, alpha16 >> 8]), 8, 6, interlaced))
    add("png_rgba_green.png", saved(rgba, "PNG"), background=(10, 200, 30))
    add("png_grey2.png", png(grey8 >> 6, 2, 0))
    add("png_grey4.png", png(grey8 >> 4, 4, 0))
    add("png_grey8.png", png(grey8, 8, 0))
    add("png_grey16.png", png(grey16, 16, 0))
    add("png_grey_alpha.png", saved(grey_alpha, "PNG"))
    add("png_grey_alpha16.png", png(np.dstack([grey16, alpha16]), 16, 4))
    add("png_rgb16.png", png(rgb16, 16, 2))
    add("png_rgba16.png", png(np.dstack([rgb16, alpha16]), 16, 6))
    add("png_palette1.png", png(grey8 >> 7, 1, 3, before=chunk(b"PLTE", b"\x20\x40\x60\xff\xc0\x80")))
    add("png_palette8_trns.png", saved(rgba.quantize(16), "PNG"), background=(0, 0, 0))
    add("png_palette4_trns.png",
        png(grey8 >> 4, 4, 3, before=palette + chunk(b"tRNS", bytes([0, 60, 128, 255, 200]))))
    # Pillow compares the transparent grey of 2 bits with the values of 8 bits that it has made of the pixels.
    add("png_grey2_trns.png", png(grey8 >> 6, 2, 0, before=trns(2)), background=(90, 0, 0),
        like=png((grey8 >> 6) * 85, 8, 0, before=trns(170)))
    add("png_grey8_trns.png", png(grey8 // 16 * 16, 8, 0, before=trns(128)), background=(90, 0, 0))
    add("png_grey16_trns.png", png(grey16, 16, 0, before=trns(int(grey16[5, 5, 0]))), background=(90, 0, 0))
    add("png_rgb_trns.png", png(rgb8 // 64 * 64, 8, 2, before=trns(64, 128, 64)), background=(90, 0, 0))
    add("png_animated.png", saved(image, "PNG", save_all=True, append_images=[ImageOps.invert(image)]))

    add("webp_lossy.webp", saved(image, "WEBP", quality=80))
    add("webp_lossless.webp", saved(image, "WEBP", lossless=True))
    add("webp_lossy_alpha.webp", saved(rgba, "WEBP", quality=80), background=(0, 0, 255))
    add("webp_lossless_alpha.webp", saved(rgba, "WEBP", lossless=True))
    add("webp_animated.webp", saved(image, "WEBP", save_all=True, append_images=[ImageOps.invert(image)], lossless=True))
    add("webp_animated_alpha.webp", saved(rgba, "WEBP", save_all=True, append_images=[ImageOps.invert(image)]))

    versions = {"Pillow": PIL.__version__} | {name: features.version(name) for name in ("libjpeg_turbo", "webp", "zlib")}
    (OUT / "cases.json").write_text(json.dumps({"made_by": "tests/oracles/pictures.py", "versions": versions,
                                                "cases": cases}, indent=1) + "\n")
    print(len(cases), "pictures")


main()
