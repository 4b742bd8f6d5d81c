// Builds elements. Data only ever becomes text or an attribute, never HTML.

/** h("a.button", {href: "…", onclick: f}, "text", child, [more]); null and false are left out. */
export function h(nameAndClasses, attributes = {}, ...children) {
  const [name, ...classes] = nameAndClasses.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes || {})) setAttribute(element, key, value);
  element.append(...children.flat(Infinity).filter(isShown));
  return element;
}

function setAttribute(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "value" || key === "checked") element[key] = value;
  else element.setAttribute(key, value === true ? "" : value);
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function icon(name, classes = "icon") {
  return svg("svg", { class: classes, "aria-hidden": "true" }, svg("use", { href: `/design/icons.svg#${name}` }));
}

/** A picture that only decorates; the words stand beside it. */
export function picture(path, classes, size = 96) {
  return h("img", { class: classes, src: `/design/${path}.svg`, alt: "", width: size, height: size });
}
