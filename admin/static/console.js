/* The little that pages cannot do alone: say that the line is down, and print. */

/* One notice, taken from the page's own template, and taken away by the next answer that comes. */
class ConnectionNotice {
  constructor(place, template) {
    for (const failure of ["htmx:sendError", "htmx:timeout"]) {
      document.body.addEventListener(failure, () => {
        if (!place.childElementCount) place.append(template.content.cloneNode(true));
      });
    }
    document.body.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) place.replaceChildren();
    });
  }
}

class PrintButton {
  constructor(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

const place = document.getElementById("live-problem");
if (place) new ConnectionNotice(place, document.getElementById("line-is-down"));
document.querySelectorAll('[data-module="print"]').forEach((button) => new PrintButton(button));
