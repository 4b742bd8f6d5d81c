/* A visit is carried to another worker or day, by hand or by the arrow keys. Before it is put down
   the page says whether it fits there; nothing moves until somebody lets go of it, or presses Enter. */

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

class RosterDesk {
  constructor(table) {
    this.table = table;
    this.form = document.getElementById("carry");
    this.said = document.getElementById("carry-said");
    this.visit = null;
    this.answers = new Map();
    for (const handle of table.querySelectorAll(".carried__handle")) handle.hidden = false;
    table.addEventListener("dragstart", (event) => this.pickUp(event));
    table.addEventListener("dragover", (event) => this.hover(event));
    table.addEventListener("drop", (event) => this.drop(event));
    table.addEventListener("dragend", () => this.letGo());
    table.addEventListener("click", (event) => this.press(event));
    table.addEventListener("keydown", (event) => this.carry(event));
  }

  pickUp(event) {
    const visit = event.target.closest?.(".carried");
    if (!visit) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", visit.dataset.visit);
    this.hold(visit);
  }

  hold(visit) {
    this.visit = visit;
    visit.classList.add("is-held");
    this.aim(visit.closest("td"));
  }

  hover(event) {
    const cell = this.visit && event.target.closest("td[data-worker]");
    if (!cell) return;
    event.preventDefault();
    if (cell !== this.cell) this.aim(cell);
  }

  /* Marks the place, asks once whether it fits, and says so. */
  async aim(cell) {
    this.cell?.classList.remove("is-aimed");
    this.cell = cell;
    cell.classList.add("is-aimed");
    if (this.isHome(cell)) return this.say(this.form.dataset.held);
    const { words } = await this.fit(cell);
    if (this.cell === cell) this.say(words);
  }

  isHome(cell) {
    return cell === this.visit.closest("td");
  }

  fit(cell) {
    const name = `${this.visit.dataset.visit} ${cell.dataset.worker} ${cell.dataset.day}`;
    if (!this.answers.has(name)) this.answers.set(name, this.ask(cell));
    return this.answers.get(name);
  }

  async ask(cell) {
    const wish = { visit: this.visit.dataset.visit, worker: cell.dataset.worker, day: cell.dataset.day };
    try {
      const response = await fetch(`${this.form.dataset.fit}?${new URLSearchParams(wish)}`);
      if (response.ok) return await response.json();
    } catch (unreachable) {
      /* Said below. */
    }
    return { may: false, words: this.form.dataset.unknown };
  }

  async drop(event) {
    const cell = this.visit && event.target.closest("td[data-worker]");
    if (!cell) return;
    event.preventDefault();
    await this.putDown(cell);
  }

  async putDown(cell) {
    const visit = this.visit;
    if (this.isHome(cell)) return this.letGo();
    const { may, words } = await this.fit(cell);
    this.letGo();
    if (!may) return this.say(words);
    this.form.elements.visit.value = visit.dataset.visit;
    this.form.elements.worker.value = cell.dataset.worker;
    this.form.elements.day.value = cell.dataset.day;
    return this.form.submit();
  }

  letGo() {
    this.visit?.classList.remove("is-held");
    this.cell?.classList.remove("is-aimed");
    this.visit = this.cell = null;
  }

  press(event) {
    const handle = event.target.closest(".carried__handle");
    if (!handle) return;
    const visit = handle.closest(".carried");
    if (this.visit) this.putDown(this.cell);
    else this.hold(visit);
  }

  carry(event) {
    if (!this.visit || !event.target.closest(".carried__handle")) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const next = this.beside(...step);
      if (next) this.aim(next);
    } else if (event.key === "Escape" || event.key === "Tab") {
      this.letGo();
      this.say("");
    }
  }

  beside(down, across) {
    const row = this.cell.parentElement;
    const rows = [...this.table.tBodies[0].rows];
    const there = rows[rows.indexOf(row) + down];
    const cell = there?.cells[this.cell.cellIndex + across];
    return cell?.matches("td[data-worker]") ? cell : null;
  }

  say(words) {
    this.said.textContent = words;
  }
}

const table = document.querySelector("table[data-module=roster]");
if (table && document.getElementById("carry")) new RosterDesk(table);
