/* Answers by keys: in a question the digits choose, and the next question has the focus. */

class Questions {
  constructor(form) {
    this.sets = [...form.querySelectorAll("fieldset")];
    this.end = form.querySelector("textarea, input[type=text]");
    form.addEventListener("keydown", (event) => this.choose(event));
  }

  choose(event) {
    const set = event.target.closest("fieldset");
    const box = set && set.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!box || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    box.checked = true;
    const next = this.sets[this.sets.indexOf(set) + 1];
    (next ? next.querySelector("input[type=radio]") : this.end).focus();
  }
}

document.querySelectorAll('[data-module="questions"]').forEach((form) => new Questions(form));
