// The like of page_checks.js for a page that compares two runs.
addEventListener("message", async () => {
  const lines = [];
  const check = (good, what) => lines.push(`${good ? "ok" : "failed"} comparison: ${what}`);
  const soon = () => new Promise((resolve) => setTimeout(resolve, 100));
  try {
    const [metrics, labels] = document.querySelectorAll("table.sortable");
    const differences = [...metrics.tBodies[0].rows].map((row) => row.cells[3].dataset.v);
    check(differences.length > 9 && differences.every((value) => Number(value) <= 0), "every difference is there");
    labels.tHead.rows[0].cells[4].querySelector("button").click();
    check(labels.tHead.rows[0].cells[4].getAttribute("aria-sort") === "descending", "labels sort by their difference");
    const link = labels.querySelector("tbody a");
    link.click();
    await soon();
    const panel = document.querySelector(":target");
    check(panel.checkVisibility() && panel.querySelectorAll(".side").length === 2, "a label shows both runs");
    check(panel.querySelectorAll(".plot").length === 5, "each has its curves, and one is of both");
    check(panel.scrollWidth <= panel.clientWidth, "the panel needs no scrolling sideways");
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    await soon();
    check(!document.querySelector(":target") && document.activeElement === link, "Escape goes back to the label");
    check(document.documentElement.scrollWidth <= innerWidth, "the page needs no scrolling sideways");
    check(typeof hacked === "undefined", "a name has not become a script");
  } catch (error) {
    check(false, `the checks end: ${error.stack}`);
  }
  check(problems.length === 0, `no script error and nothing forbidden ${problems}`);
  parent.postMessage({ width: innerWidth, lines }, "*");
});
