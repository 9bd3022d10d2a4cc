#pragma once

#include <string_view>

namespace tagger::detail {

/// The script of a page: tables sort and filter, matrices say what is under the pointer, panels have their pictures and
/// give the focus back. The page is whole without it: panels and pictures open by links and the style sheet.
inline constexpr std::string_view page_script = R"js(
"use strict";

// Tables: a click on a title sorts by its column, numbers from the largest down; what is missing stays last.
function sortable(table) {
  const titles = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const key = (row, i) => row.cells[i].dataset.v ?? row.cells[i].textContent;
  titles.forEach((title, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...title.childNodes);
    title.append(button);
    button.addEventListener("click", () => {
      const byName = i === 0;
      const before = title.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : !byName;
      for (const other of titles) other.removeAttribute("aria-sort");
      title.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const x = key(a, i), y = key(b, i);
        if (x === "" || y === "") return (x === "") - (y === "");
        return (byName ? x.localeCompare(y) : x - y) * (descending ? -1 : 1);
      });
      body.append(...rows);
    });
  });
}

// A box above a table: rows whose name does not have the text in it are hidden.
function filterable(box) {
  const tools = box.querySelector(".tools");
  if (!tools) return;
  const input = tools.querySelector("input"), output = tools.querySelector("output");
  const rows = [...box.querySelector("tbody").rows];
  const update = () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    output.textContent = wanted ? `${shown} of ${rows.length}` : "";
  };
  input.addEventListener("input", update);
  tools.hidden = false;
}

// A click anywhere in a row follows its link.
function clickable(body) {
  body.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    event.target.closest("tr")?.querySelector("th a")?.click();
  });
}

// A pair of matrices: the cell under the pointer, or under the arrow keys, in words.
function readable(box, readout) {
  const data = JSON.parse(box.dataset.pairs), names = data.labels;
  const matrices = [...box.querySelectorAll("svg.matrix")];
  const cell = { row: 0, column: 0 };
  const count = (kind) => {
    const [low, high] = [cell.row, cell.column].sort((a, b) => a - b);
    const at = high * (high + 1) / 2 + low;
    const both = kind.both[at], either = kind.either[at];
    const share = either ? ` (${Math.round(100 * both / either)} % of those with either)` : "";
    return `${both}${share}`;
  };
  const show = () => {
    const a = names[cell.row], b = names[cell.column];
    readout.textContent = a === b
      ? `${a}: annotated ${data.annotated.both[cell.row * (cell.row + 3) / 2]}, ` +
        `predicted ${data.predicted.both[cell.row * (cell.row + 3) / 2]}`
      : `${a} and ${b}: annotated together ${count(data.annotated)}, predicted together ${count(data.predicted)}`;
    for (const matrix of matrices) {
      const mark = matrix.querySelector(".mark");
      const size = Number(matrix.dataset.cell);
      mark.setAttribute("x", Number(matrix.dataset.left) + cell.column * size);
      mark.setAttribute("y", cell.row * size);
      mark.setAttribute("visibility", "visible");
    }
  };
  const within = (i) => Math.min(Math.max(i, 0), names.length - 1);
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  for (const matrix of matrices) {
    const mark = matrix.querySelector(".ground").cloneNode();
    mark.setAttribute("class", "mark");
    mark.setAttribute("visibility", "hidden");
    mark.setAttribute("width", matrix.dataset.cell);
    mark.setAttribute("height", matrix.dataset.cell);
    matrix.append(mark);
    matrix.setAttribute("tabindex", "0");
    matrix.addEventListener("focus", show);
    matrix.addEventListener("pointermove", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.getScreenCTM().inverse());
      const column = Math.floor((point.x - Number(matrix.dataset.left)) / Number(matrix.dataset.cell));
      cell.row = within(Math.floor(point.y / Number(matrix.dataset.cell)));
      cell.column = within(column < 0 ? cell.row : column);
      show();
    });
    matrix.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      cell.row = within(cell.row + move[0]);
      cell.column = within(cell.column + move[1]);
      show();
    });
  }
  readout.textContent = "Point at a cell, or go through the cells with the arrow keys.";
  readout.hidden = false;
}

// Panels and pictures open by their links. The links in a panel show the pictures; Escape closes; the focus goes to what
// is open and comes back.
function openable() {
  let opener = null;
  const opened = () => document.querySelector(".panel:target, .picture:target");
  const illustrate = (panel) => {
    for (const link of panel.querySelectorAll("a.thumb:not(:has(img))")) {
      const picture = document.querySelector(`${link.hash} img`).cloneNode();
      picture.alt = "";
      link.prepend(picture);
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && !link.closest(".panel, .close") && !opened()) opener = link;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened()) location.hash = "closed";
  });
  const follow = () => {
    const open = opened();
    if (open) {
      illustrate(open);
      open.focus({ preventScroll: true });
    } else if (opener) {
      opener.focus({ preventScroll: true });
      opener = null;
    }
  };
  addEventListener("hashchange", follow);
  addEventListener("load", follow);
}

document.querySelectorAll("table.sortable").forEach(sortable);
document.querySelectorAll(".filterable").forEach(filterable);
document.querySelectorAll(".filterable tbody").forEach(clickable);
document.querySelectorAll(".matrices").forEach((box) => readable(box, box.parentElement.querySelector(".readout")));
openable();
)js";

}  // namespace tagger::detail
