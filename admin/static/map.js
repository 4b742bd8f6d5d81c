/* The map of homes. Each home is a link with its free beds; homes that stand too close for the hand
   are one mark until one comes closer. Without map pictures the ground is plain. What is to be seen
   here stands in the table as well. */

const UNDER_A_FINGER = matchMedia("(max-width: 800px), (pointer: coarse)").matches;
const APART_PX = UNDER_A_FINGER ? 58 : 46;
const WIDE = { padding: [36, 36], maxZoom: 14 };

class HomeMap {
  constructor(place) {
    this.place = place;
    this.told = place.dataset;
    this.open().catch(() => place.closest(".home-map").remove());
  }

  async open() {
    const { homes, counties, tiles_url: pictures, tiles_credit: credit } = await this.ask();
    if (homes.length === 0) return this.say(this.told.nowhere);
    this.homes = homes;
    this.draw(counties, pictures, credit);
    document.body.addEventListener("htmx:afterSwap", () => this.renew());
  }

  async ask() {
    const answer = await fetch(this.told.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`no map: ${answer.status}`);
    return answer.json();
  }

  /* The figures beside the map have changed: the homes are asked for again, the map stays where it
     was moved to. What fails now comes with the next change. */
  async renew() {
    try {
      this.homes = (await this.ask()).homes;
    } catch {
      return;
    }
    this.arrange();
  }

  say(sentence) {
    this.place.classList.add("home-map__ground--empty");
    this.place.textContent = sentence;
  }

  draw(counties, pictures, credit) {
    this.map = L.map(this.place, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomAnimation: false,
      fadeAnimation: false, markerZoomAnimation: false, maxZoom: 18, zoomSnap: 0.5,
    });
    this.place.setAttribute("role", "region");
    this.place.setAttribute("aria-label", this.told.name);
    L.control.zoom({ zoomInTitle: this.told.closer, zoomOutTitle: this.told.farther }).addTo(this.map);
    if (pictures) this.lay(pictures, credit);
    for (const county of counties) this.name(county);
    this.marks = L.layerGroup().addTo(this.map);
    this.map.fitBounds(this.homes.map(at), WIDE);
    this.map.on("zoomend", () => this.arrange());
    this.arrange();
  }

  lay(pictures, credit) {
    L.tileLayer(pictures).addTo(this.map);
    if (credit) L.control.attribution({ prefix: false }).addAttribution(text(credit)).addTo(this.map);
  }

  name(county) {
    const element = make("span", "home-map__county", county.name);
    const icon = L.divIcon({ className: "home-map__mark", html: element, iconSize: [0, 0] });
    L.marker(at(county), { icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.map);
  }

  /* Whoever stands within reach of the first of a group belongs to it. */
  arrange() {
    const groups = [];
    for (const home of this.homes) {
      const point = this.map.project(at(home));
      const near = groups.find((group) => group.point.distanceTo(point) < APART_PX);
      if (near) near.homes.push(home);
      else groups.push({ point, homes: [home] });
    }
    this.marks.clearLayers();
    for (const { homes } of groups) this.mark(homes);
  }

  mark(homes) {
    const element = homes.length === 1 ? one(homes[0]) : this.together(homes);
    const icon = L.divIcon({ className: "home-map__mark", html: element, iconSize: [0, 0] });
    L.marker(at(homes[0]), { icon, interactive: false, keyboard: false }).addTo(this.marks);
    L.DomEvent.disableClickPropagation(element);
  }

  together(homes) {
    const free = homes.reduce((sum, home) => sum + (home.free ?? 0), 0);
    const facts = { count: homes.length, free };
    const words = this.told.together.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
    const late = homes.some((home) => home.freshness === "overdue") ? " home-mark--overdue" : "";
    const button = make("button", `home-mark home-mark--many${late}`, String(free));
    button.type = "button";
    button.title = words;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", () => this.approach(homes));
    return button;
  }

  approach(homes) {
    const bounds = L.latLngBounds(homes.map(at));
    const closer = this.map.getBoundsZoom(bounds, false, L.point(36, 36));
    this.map.setView(bounds.getCenter(), Math.max(closer, this.map.getZoom() + 1));
    this.place.focus();
  }
}

function one(home) {
  const late = home.freshness === "overdue" ? " home-mark--overdue" : "";
  const link = make("a", `home-mark home-mark--${home.room}${late}`, home.sign ?? (home.free === null ? "?" : String(home.free)));
  link.href = home.address;
  link.title = `${home.name}: ${home.words}`;
  link.setAttribute("aria-label", link.title);
  return link;
}

function make(tag, classes, words) {
  const element = document.createElement(tag);
  element.className = classes;
  element.textContent = words;
  return element;
}

function text(words) {
  return make("span", "", words).innerHTML;
}

function at({ x, y }) {
  return [y, x];
}

document.querySelectorAll('[data-module="home-map"]').forEach((place) => new HomeMap(place));
