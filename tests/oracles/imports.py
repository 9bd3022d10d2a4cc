"""Writes tests/golden/import/: small inputs of each format that `tagger convert` reads, laid out as their makers do it,
and beside them what each picture's labels are, as other people's readers have it: exiftool of keywords, pycocotools of
COCO's JSON, torchvision of Pascal VOC's XML, NumPy of NUS-WIDE's lists, csv of Open Images' tables.

    pip install pillow pycocotools torchvision numpy; apt-get install libimage-exiftool-perl
"""
import csv
import json
import pathlib
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import numpy as np
import PIL
import pycocotools.coco
import torchvision
from PIL import Image, PngImagePlugin

OUT = pathlib.Path(__file__).parent.parent / "golden" / "import"
shutil.rmtree(OUT, ignore_errors=True)


def folder(*parts):
    path = OUT.joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def expect(name, forms):
    """forms: a text of --from, and of each picture the value of each label: 1, 0 or -1."""
    tables = [f'"{form}": {{\n' + ",\n".join(f"  {json.dumps(picture)}: {json.dumps(row, ensure_ascii=False)}"
                                              for picture, row in table.items()) + "}" for form, table in forms.items()]
    (OUT / f"{name}.json").write_text("{" + ",\n".join(tables) + "}\n")


# Keywords. exiftool writes them, into pictures and sidecars, and reads them back.
keywords = folder("keywords")


def exiftool(*arguments):
    return subprocess.run(["exiftool", "-q", "-overwrite_original", *arguments], cwd=keywords, check=True,
                          capture_output=True, text=True).stdout


def picture(name, *tags, **how):
    (keywords / name).parent.mkdir(exist_ok=True)
    Image.new("RGB", (4, 4), (200, 100, 50)).save(keywords / name, **how)
    if tags:
        exiftool("-api", "Compact=all", *tags, name)


picture("dc_subject.jpg", "-XMP-dc:Subject=sky", '-XMP-dc:Subject=sea & "sun" <1>')
picture("2024/iptc_utf8.jpg", "-codedcharacterset=utf8", "-IPTC:Keywords=Zürich", "-IPTC:Keywords=lake")
picture("2024/iptc_latin1.jpg", "-charset", "iptc=latin1", "-IPTC:Keywords=Zürich")
picture("lightroom.jpg", "-IPTC:Keywords=cat", "-XMP-dc:Subject=cat", "-XMP-dc:Subject=animal", "-XMP-dc:Subject=sky",
        "-XMP-lr:HierarchicalSubject=animal|cat", "-XMP-lr:HierarchicalSubject=Places|Norway|Oslo")
picture("digikam.png", "-XMP-digiKam:TagsList=animal/cat", "-XMP-digiKam:TagsList=People/Ada", "-XMP-dc:Subject=cat",
        "-XMP-dc:Subject=Ada")
picture("lightroom.webp", "-XMP-dc:Subject=sky", "-XMP-lr:HierarchicalSubject=nature|sky")
picture("untagged.jpg", "-Artist=nobody")
exiftool("-XMP-dc:Subject=sun", "-XMP-dc:Subject=sky", "-o", "packed.xmp")
info = PngImagePlugin.PngInfo()
info.add_itxt("XML:com.adobe.xmp", (keywords / "packed.xmp").read_text(), zip=True)
(keywords / "packed.xmp").unlink()
picture("packed.png", pnginfo=info)
picture("darktable.jpg", "-XMP-dc:Subject=old")
exiftool("-XMP-dc:Subject=moon", "-o", "darktable.jpg.xmp")
picture("lightroom_sidecar.png")
exiftool("-XMP-dc:Subject=moon", "-XMP-dc:Subject=sun", "-o", "lightroom_sidecar.xmp")
picture("settings_only.jpg", "-XMP-dc:Subject=sea")
exiftool("-XMP-crs:Exposure2012=+0.5", "-o", "settings_only.xmp")  # holds no keywords: the picture's count
exiftool("-XMP-dc:Subject=stray", "-o", "stray.xmp")

names = sorted(str(path.relative_to(keywords)) for path in keywords.rglob("*.*") if path.suffix != ".xmp")
flat, places = {}, {}
for name in names:
    sidecars = [str(pathlib.Path(name + ".xmp")), str(pathlib.Path(name).with_suffix(".xmp"))]
    for source in [*(each for each in sidecars if (keywords / each).exists()), name]:
        read = json.loads(exiftool("-j", "-struct", "-Subject", "-Keywords", "-HierarchicalSubject", "-TagsList", source))[0]
        of = lambda *keys: {str(each) for key in keys for each in np.atleast_1d(read.get(key, []))}
        flat[name] = of("Subject", "Keywords")
        places[name] = {tuple(each.split("|")) for each in of("HierarchicalSubject")}
        places[name] |= {tuple(each.split("/")) for each in of("TagsList")}
        if flat[name] or places[name]:
            break


def keyword_table(labels_of, untagged=False, others=0):
    chosen = {name: labels_of(name) for name in names}
    labels = sorted(set().union(*chosen.values()))
    return {name: {label: 1 if label in own else others for label in labels} for name, own in chosen.items()
            if own or untagged}


def outside(name):
    return flat[name] - {level for place in places[name] for level in place}


expect("keywords", {
    "keywords": keyword_table(lambda n: flat[n]),
    "keywords:others=unknown:keep_untagged=true": keyword_table(lambda n: flat[n], True, -1),
    "keywords:hierarchy=leaf": keyword_table(lambda n: outside(n) | {p[-1] for p in places[n]}),
    "keywords:hierarchy=path": keyword_table(lambda n: outside(n) | {"/".join(p) for p in places[n]}),
    "keywords:hierarchy=all": keyword_table(lambda n: outside(n) | {level for p in places[n] for level in p})})

# COCO, with all that its instances files have, an annotation of each doubtful kind, and one of a missing picture.
images = [{"license": 4, "file_name": f"{number:012d}.jpg", "height": 427, "width": 640, "id": number,
           "coco_url": f"http://images.cocodataset.org/val2017/{number:012d}.jpg",
           "date_captured": "2013-11-14 17:02:52",
           "flickr_url": "http://farm7.staticflickr.com/6116/6255196340_da26cf2c9e_z.jpg"}
          for number in (397133, 37777, 252219, 87038)]
categories = [{"supercategory": "person", "id": 1, "name": "person"}, {"supercategory": "vehicle", "id": 2, "name": "bicycle"},
              {"supercategory": "outdoor", "id": 10, "name": "traffic light"},
              {"supercategory": "indoor", "id": 90, "name": "toothbrush"}]


def annotation(number, image, category, **more):
    outline = {"counts": [272, 2, 4, 4], "size": [427, 640]} if more.get("iscrowd") else [[510.66, 423.01, 511.72, 420.03]]
    return {"segmentation": outline, "area": 702.1057499999998, "iscrowd": 0, "image_id": image,
            "bbox": [473.07, 395.93, 38.65, 28.67], "category_id": category, "id": number, **more}


coco = {"info": {"description": "COCO 2017 Dataset", "url": "http://cocodataset.org", "version": "1.0", "year": 2017},
        "licenses": [{"url": "http://creativecommons.org/licenses/by-nc-sa/2.0/", "id": 1, "name": "by-nc-sa"}],
        "images": images,
        "annotations": [annotation(1768, 397133, 1), annotation(1773, 397133, 1), annotation(1778, 397133, 10),
                        annotation(900100397133, 397133, 2, iscrowd=1), annotation(900100037777, 37777, 1, iscrowd=1),
                        annotation(2000, 37777, 1), annotation(2001, 252219, 2, ignore=1), annotation(2002, 252219, 1)],
        "categories": categories}
(OUT / "instances.json").write_text(json.dumps(coco))
reader = pycocotools.coco.COCO(OUT / "instances.json")
forms = {}
for form, crowd, ignore in [("coco", 1, -1), ("coco:crowd=unknown:ignore=yes", -1, 1), ("coco:crowd=drop:ignore=drop", 0, 0)]:
    table = {}
    for image in reader.loadImgs(reader.getImgIds()):
        row = table[image["file_name"]] = {category["name"]: 0 for category in reader.loadCats(reader.getCatIds())}
        for each in reader.loadAnns(reader.getAnnIds(imgIds=image["id"])):
            label = reader.loadCats(each["category_id"])[0]["name"]
            value = ignore if each.get("ignore") else crowd if each["iscrowd"] else 1
            if value == 1 or row[label] == 0:
                row[label] = value
    forms[form] = table
expect("coco", forms)

# Pascal VOC, as in VOC2012: a person with parts, difficult objects, two sets.
voc = folder("VOC2012")
folder("VOC2012", "Annotations"), folder("VOC2012", "ImageSets", "Main")


def voc_xml(name, *objects):
    text = (f"<annotation>\n\t<folder>VOC2012</folder>\n\t<filename>{name}.jpg</filename>\n\t<source>\n\t\t<database>The "
            "VOC2007 Database</database>\n\t\t<annotation>PASCAL VOC2007</annotation>\n\t\t<image>flickr</image>\n\t</source>"
            "\n\t<size>\n\t\t<width>486</width>\n\t\t<height>500</height>\n\t\t<depth>3</depth>\n\t</size>\n\t<segmented>0"
            "</segmented>\n")
    for label, difficult in objects:
        text += (f"\t<object>\n\t\t<name>{label}</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n\t\t"
                 f"<difficult>{difficult}</difficult>\n\t\t<bndbox>\n\t\t\t<xmin>174</xmin>\n\t\t\t<ymin>101</ymin>\n\t\t\t"
                 "<xmax>349</xmax>\n\t\t\t<ymax>351</ymax>\n\t\t</bndbox>\n")
        if label == "person":
            text += ("\t\t<part>\n\t\t\t<name>head</name>\n\t\t\t<bndbox>\n\t\t\t\t<xmin>169</xmin>\n\t\t\t\t<ymin>104</ymin>"
                     "\n\t\t\t\t<xmax>209</xmax>\n\t\t\t\t<ymax>146</ymax>\n\t\t\t</bndbox>\n\t\t</part>\n")
        text += "\t</object>\n"
    (voc / "Annotations" / f"{name}.xml").write_text(text + "</annotation>\n")


voc_xml("2007_000027", ("person", 0))
voc_xml("2007_000032", ("aeroplane", 0), ("aeroplane", 1), ("person", 1))
voc_xml("2007_000033", ("aeroplane", 1), ("cat", 1))
voc_xml("2007_000039", ("tvmonitor", 0))
(voc / "ImageSets" / "Main" / "train.txt").write_text("2007_000027\n2007_000032\n")
(voc / "ImageSets" / "Main" / "person_val.txt").write_text("2007_000033 -1\n2007_000039 -1\n")
forms = {}
for form, difficult, listed in [("voc", -1, None), ("voc:difficult=yes", 1, None), ("voc:difficult=drop", 0, None),
                                ("voc:list=train", -1, "train.txt"), ("voc:list=person_val", -1, "person_val.txt")]:
    chosen = {}
    for path in sorted((voc / "Annotations").iterdir()):
        if listed and path.stem not in (voc / "ImageSets" / "Main" / listed).read_text():
            continue
        parsed = torchvision.datasets.VOCDetection.parse_voc_xml(ElementTree.parse(path).getroot())["annotation"]
        row = chosen[parsed["filename"]] = {}
        for each in parsed["object"]:
            value = difficult if each["difficult"] == "1" else 1
            if row.get(each["name"], 0) != 1 and value != 0:
                row[each["name"]] = value
    labels = sorted({label for row in chosen.values() for label in row})
    forms[form] = {name: {label: row.get(label, 0) for label in labels} for name, row in chosen.items()}
expect("voc", forms)

# NUS-WIDE: lines end in CRLF; one photo is listed under two search words with different labels; a value is a number.
nus = OUT / "nus_wide"
concepts = ["airport", "lake", "sky"]
listed = [("train", r"actor\0001_2124494179.jpg", "010"), ("test", r"actor\0002_174174086.jpg", "001"),
          ("train", r"albatross\0003_702409954.jpg", "011"), ("train", r"zoo\0900_99.jpg", "000"),
          ("test", r"zoo\0901_702409954.jpg", "101"), ("train", r"zoo\0902_99.jpg", "000")]
damaged = {("train", "lake", 3): "-1130179"}  # as line 78,372 of the real Labels_lake_Train.txt


def write_lines(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())


write_lines(nus / "ConceptsList" / "Concepts81.txt", concepts)
forms = {}
for part, title in [("all", ""), ("train", "Train"), ("test", "Test")]:
    rows = [row for row in listed if part in ("all", row[0])]
    write_lines(nus / "ImageList" / f"{title}{'i' if title else 'I'}magelist.txt".replace("Traini", "TrainI").replace(
        "Testi", "TestI"), [row[1] for row in rows])
    for i, concept in enumerate(concepts):
        values = [damaged.get((part, concept, line), row[2][i]) for line, row in enumerate(rows)]
        name = f"Labels_{concept}_{title}.txt" if title else f"Labels_{concept}.txt"
        write_lines(nus / "Groundtruth" / ("TrainTestLabels" if title else "AllLabels") / name, values)
    for copies in (False, True):
        photos = {}
        for line, row in enumerate(rows):
            values = np.array([int(damaged.get((part, c, line), row[2][i])) for i, c in enumerate(concepts)])
            values[(values != 0) & (values != 1)] = -1
            path = row[1].replace("\\", "/")
            photos.setdefault(path if copies else path.split("_")[1], (path, []))[1].append(values)
        table = {}
        for path, listings in photos.values():
            known = [sorted({v for v in column if v >= 0}) for column in zip(*(each.tolist() for each in listings))]
            table[path] = {c: values[0] if len(values) == 1 else -1 for c, values in zip(concepts, known)}
        text = "nus_wide" + (f":part={part}" if title else "") + (":copies=true" if copies else "")
        forms[text] = table
expect("nus_wide", forms)

# Open Images: rows of one picture apart, a machine's confidence, two labels of one name, a contradiction.
(OUT / "human-imagelabels.csv").write_text("""ImageID,Source,LabelName,Confidence
000026e7ee790996,verification,/m/04hgtk,0
000026e7ee790996,verification,/m/07j7r,1
000026e7ee790996,crowdsource-verification,/m/01bqvp,1
000062a39995e348,verification,/m/015p6,1
000026e7ee790996,verification,/m/0csby,1
000062a39995e348,machine,/m/04hgtk,0.7
000062a39995e348,verification,/m/05s2s,1
000062a39995e348,crowdsource-verification,/m/05s2s,0
0000c64e1253d68f,verification,/m/07yv9,0
0000c64e1253d68f,crowdsource-verification,/m/0k4j,1
0000c64e1253d68f,verification,/m/crane2,1
0000c64e1253d68f,verification,/m/crane1,0
""")
(OUT / "class-descriptions.csv").write_text("""/m/015p6,Bird
/m/01bqvp,Sky
/m/04hgtk,Human head
/m/05s2s,Plant
/m/07j7r,Tree
/m/07yv9,Vehicle
/m/0csby,"Cloud, white"
/m/0k4j,Car
/m/crane1,Crane
/m/crane2,Crane
""")
names_of = dict(csv.reader((OUT / "class-descriptions.csv").open()))
rows = list(csv.DictReader((OUT / "human-imagelabels.csv").open()))
forms = {}
for form, name_of, file_name in [
        ("open_images", lambda label: label, "{}.jpg"),
        ("open_images:descriptions=class-descriptions.csv:file_name=train/{id}.png",
         lambda label: names_of[label] + (f" ({label})" if names_of[label] == "Crane" else ""), "train/{}.png")]:
    labels = sorted({name_of(row["LabelName"]) for row in rows})
    table = {}
    for row in rows:
        said = table.setdefault(file_name.format(row["ImageID"]), {label: set() for label in labels})
        if row["Confidence"] in "01":
            said[name_of(row["LabelName"])].add(int(row["Confidence"]))
    forms[form] = {name: {label: values.copy().pop() if len(values) == 1 else -1 for label, values in said.items()}
                   for name, said in table.items()}
expect("open_images", forms)

version = subprocess.run(["exiftool", "-ver"], capture_output=True, text=True).stdout.strip()
(OUT / "VERSIONS").write_text(f"exiftool {version}\nPillow {PIL.__version__}\npycocotools 2.0.11\n"
                              f"torchvision {torchvision.__version__}\nNumPy {np.__version__}\n")
