/* The little that pages cannot do alone: say that the line is down, keep one's place, and print. */

/* One notice, taken from the page's own templates, and taken away by the next answer that comes. */
class LiveProblem {
  constructor(place) {
    this.place = place;
    const say = (id) => () => this.say(id);
    document.body.addEventListener("htmx:sendError", say("line-is-down"));
    document.body.addEventListener("htmx:timeout", say("line-is-down"));
    document.body.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status >= 500) this.say("did-not-work");
    });
    document.body.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) this.place.replaceChildren();
    });
  }

  say(id) {
    this.place.replaceChildren(document.getElementById(id).content.cloneNode(true));
  }
}

/* A table that is drawn anew stays where it was scrolled to; htmx keeps the focus by itself. */
class KeptPlace {
  constructor(body) {
    body.addEventListener("htmx:beforeSwap", () => this.remember());
    body.addEventListener("htmx:afterSettle", () => this.goBack());
  }

  remember() {
    const frames = document.querySelectorAll(".table-frame[id]");
    this.places = [...frames].map(({ id, scrollLeft, scrollTop }) => ({ id, scrollLeft, scrollTop }));
  }

  goBack() {
    for (const { id, scrollLeft, scrollTop } of this.places ?? []) {
      document.getElementById(id)?.scrollTo(scrollLeft, scrollTop);
    }
  }
}

class PrintButton {
  constructor(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/* The door that is open is pushed into sight: of a long menu, or of the row that it is on a phone. */
class Doors {
  constructor(row) {
    const open = row.querySelector("[aria-current]");
    const menu = row.closest(".side-nav");
    if (open && row.scrollWidth > row.clientWidth) {
      row.scrollLeft = open.offsetLeft - row.offsetLeft - row.clientWidth / 4;
    }
    if (open && open.offsetTop + open.offsetHeight > menu.clientHeight) {
      menu.scrollTop = open.offsetTop - menu.clientHeight / 2;
    }
  }
}

/* A picture stands for a place: the device says where it is, and it can be typed where it cannot. */
class Placed {
  constructor(form) {
    this.form = form;
    this.button = form.querySelector("[data-find]");
    if (!navigator.geolocation || !this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.find());
    form.querySelector("input[type=file]")?.addEventListener("change", () => this.find());
  }

  find() {
    const options = { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 };
    navigator.geolocation.getCurrentPosition(({ coords }) => this.write(coords), () => {}, options);
  }

  write({ longitude, latitude, accuracy }) {
    const values = { x: longitude.toFixed(6), y: latitude.toFixed(6), accuracy_m: Math.round(accuracy) };
    for (const [name, value] of Object.entries(values)) this.form.elements[name].value = value;
  }
}

const place = document.getElementById("live-problem");
if (place) new LiveProblem(place);
new KeptPlace(document.body);
document.querySelectorAll('[data-module="print"]').forEach((button) => new PrintButton(button));
document.querySelectorAll('[data-module="doors"]').forEach((row) => new Doors(row));
document.querySelectorAll('[data-module="placed"]').forEach((form) => new Placed(form));
