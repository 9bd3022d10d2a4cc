// What browser_test.cpp has a browser do to a page, when the page around it says so: it is a visitor who clicks and
// types. Each check becomes a line, "ok ..." or "failed ...", which the page around this one collects.
addEventListener("message", async () => {
  const lines = [];
  const check = (good, what, detail = "") => lines.push(`${good ? "ok" : "failed"} ${what} ${good ? "" : detail}`);
  const equal = (a, b, what) => check(String(a) === String(b), what, `${a} is not ${b}`);
  const one = (selector) => document.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const visible = (element) => element.checkVisibility();
  const soon = () => new Promise((resolve) => setTimeout(resolve, 100));
  const follow = async (action) => {
    const changed = new Promise((resolve, reject) => {
      addEventListener("hashchange", resolve, { once: true });
      setTimeout(() => reject(Error("nothing opens or closes")), 5000);
    });
    action();
    await changed;
    await soon();  // after the page's own listener
  };
  const press = (element, key) => element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

  try {
    const table = one("#labels table"), body = table.tBodies[0];
    const title = (text) => [...table.tHead.rows[0].cells].find((cell) => cell.textContent === text);
    const column = (text) => [...body.rows].map((row) => row.cells[title(text).cellIndex].dataset.v);
    const numbers = (text) => column(text).filter((value) => value !== "").map(Number);
    const sorted = (list, order) => list.every((value, i) => i === 0 || order(list[i - 1], value) <= 0);

    // Sorting, by every column, both ways.
    for (const head of table.tHead.rows[0].cells) {
      const name = head.textContent;
      if (name === "Label") continue;
      head.querySelector("button").click();
      equal(head.getAttribute("aria-sort"), "descending", `${name} says that it sorts down`);
      check(sorted(numbers(name), (a, b) => b - a), `${name} sorts down`, column(name));
      head.querySelector("button").click();
      equal(head.getAttribute("aria-sort"), "ascending", `${name} says that it sorts up`);
      check(sorted(numbers(name), (a, b) => a - b), `${name} sorts up`, column(name));
      const missing = column(name).lastIndexOf("") === body.rows.length - 1 || !column(name).includes("");
      check(missing, `${name}: what is missing comes last`, column(name));
    }
    check(column("Average precision").includes(""), "a label without pictures has no average precision");
    title("Label").querySelector("button").click();
    const names = [...body.rows].map((row) => row.cells[0].textContent);
    check(sorted(names, (a, b) => a.localeCompare(b)), "labels sort by name", names);
    equal(all("[aria-sort]", table).length, 1, "one column sorts");

    // Filtering.
    const input = one("#labels input"), rows = () => [...body.rows].filter(visible);
    check(visible(input), "the filter is there");
    const type = (text) => { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); };
    type("LABEL 7");
    equal(rows().map((row) => row.cells[0].textContent).sort(),
          names.filter((name) => name.toLowerCase().includes("label 7")).sort(), "the filter leaves what has the text");
    equal(one("#labels output").textContent, `${rows().length} of ${names.length}`, "the filter counts");
    type("no label is called so");
    equal(rows().length, 0, "the filter may leave nothing");
    type("");
    equal(rows().length, names.length, "an empty filter leaves all");

    // A label's panel, by its link and by its row.
    const link = all("#labels tbody a").find((each) => one(each.hash).querySelector("a.thumb"));
    const panel = one(link.hash);
    check(!visible(panel), "panels are closed at first");
    link.focus();
    await follow(() => link.click());
    check(visible(panel), "a click on a label opens its panel");
    check(panel.contains(document.activeElement), "the panel has the focus");
    equal(panel.querySelector("h3").textContent, link.textContent, "it is that label's");
    for (const curve of all(".plot svg", panel)) check(curve.getBBox().width > 100, "the panel has curves");
    const thumbs = all("a.thumb img", panel);
    check(thumbs.length > 0 && all("a.thumb", panel).length === thumbs.length, "the panel has pictures");
    await soon();
    check(thumbs.every((picture) => picture.naturalWidth === 200), "they are pictures");
    const box = panel.getBoundingClientRect();
    check(box.left >= 0 && box.right <= innerWidth, "the panel is within the window");
    check(panel.scrollWidth <= panel.clientWidth, "the panel needs no scrolling sideways");

    // A picture, opened from there.
    const thumb = panel.querySelector("a.thumb");
    const picture = one(thumb.hash), place = scrollY;
    await follow(() => thumb.click());
    check(visible(picture) && !visible(panel), "a click on a picture opens it in place of the panel");
    equal(document.activeElement, picture, "the picture has the focus");
    check(picture.getBoundingClientRect().height > 0.3 * innerHeight, "it is large");
    check(all(".tag", picture).every(visible), "it shows all its labels");
    equal(scrollY, place, "the page has stayed where it was");
    await follow(() => press(document.activeElement, "Escape"));
    check(!document.querySelector(":target"), "Escape closes it");
    equal(document.activeElement, link, "the focus is back where it came from");
    await follow(() => history.back());
    check(visible(picture), "back opens it again");
    await follow(() => picture.querySelector(".close").click());
    check(!document.querySelector(":target"), "its button closes it");

    const row = [...body.rows].find((each) => each.cells[0].querySelector(`a[href="${link.hash}"]`));
    await follow(() => row.cells[3].click());
    check(visible(panel), "a click in a row opens its panel");
    await follow(() => panel.querySelector(".close").click());
    check(!visible(panel), "its button closes it");

    const shown = all("#predictions .picture");
    await follow(() => shown[7].querySelector("a.open").click());
    check(getComputedStyle(shown[7]).position === "fixed", "a picture of the gallery opens");
    await follow(() => press(document.body, "Escape"));
    const folded = all("#mistakes .folded");
    check(folded.length > 0 && !folded.some(visible), "further mistakes are folded");

    // The matrices.
    const matrices = all(".matrix"), readout = one(".readout");
    equal(matrices.length, 2, "there are two matrices");
    const data = JSON.parse(one(".matrices").dataset.pairs);
    matrices[0].focus();
    press(matrices[0], "ArrowRight");
    press(matrices[0], "ArrowRight");
    press(matrices[0], "ArrowDown");
    const text = readout.textContent;  // row 1, column 2: entry 4 of the triangle
    check(text.startsWith(`${data.labels[1]} and ${data.labels[2]}: `), "arrow keys go through the cells", text);
    check(text.includes(`annotated together ${data.annotated.both[4]}`), "a cell says how often annotated", text);
    check(text.includes(`predicted together ${data.predicted.both[4]}`), "a cell says how often predicted", text);
    const matrix = matrices[1].getBoundingClientRect();
    const step = matrix.height / data.labels.length;
    matrices[1].dispatchEvent(new PointerEvent("pointermove", {
      clientX: matrix.right - 0.5 * step, clientY: matrix.top + 3.5 * step, bubbles: true }));
    check(readout.textContent.startsWith(`${data.labels[3]} and ${data.labels.at(-1)}: `),
          "the pointer shows a cell", readout.textContent);

    // The whole page.
    check(document.documentElement.scrollWidth <= innerWidth, "the page needs no scrolling sideways",
          `${document.documentElement.scrollWidth} in ${innerWidth}`);
    check(all("section").every((section) => section.getBoundingClientRect().right <= innerWidth), "no part sticks out");
    check(all("img").every((each) => each.complete && each.naturalWidth > 0), "every picture is one");
    equal(typeof hacked, "undefined", "a name has not become a script");
    check(names.some((name) => name.includes("<script>") && name.includes("שלום")), "a name is shown as it is");
    const luminance = (color) => {
      const linear = color.match(/\d+/g).slice(0, 3).map((c) => c / 255).map(
        (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const ground = luminance(getComputedStyle(document.body).backgroundColor);
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    check(dark === (ground < 0.2), `${dark ? "dark" : "light"} where that is preferred`);
    for (const selector of ["h1", "section > p", "#labels td", "#labels th a", "nav a", ".facts dt", ".interval"]) {
      check(contrast(luminance(getComputedStyle(one(selector)).color), ground) >= 4.5, `${selector} can be read`);
    }
  } catch (error) {
    check(false, "the checks end", error.stack);
  }
  equal(problems, "", "no script error and nothing forbidden");
  parent.postMessage({ width: innerWidth, lines }, "*");
});
