// Measures a page by the rules for eyes and fingers of eighty years. Called with the limits;
// answers sentences, one for each fault. See elder_rules.py.
(limits) => {
  const faults = [];
  const SOLID = 0.99;

  const isSeen = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hidden = style.visibility === "hidden" || style.display === "none" || box.width <= 1 || box.height <= 1;
    return !hidden && box.right > 0 && box.bottom + window.scrollY > 0;
  };

  const nameOf = (element) => {
    const words = (element.getAttribute("aria-label") || element.innerText || element.value || "").trim();
    return `${element.tagName.toLowerCase()}.${element.className} “${words.replace(/\s+/g, " ").slice(0, 30)}”`;
  };

  // A radio is as large as the card around it.
  const targetOf = (control) => (control.closest("label") && control.type === "radio" ? control.closest("label") : control);

  const targets = () => {
    const controls = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]");
    return [...new Set([...controls].map(targetOf))].filter(isSeen);
  };

  const isSticky = (element) => {
    for (let here = element; here; here = here.parentElement) {
      if (["sticky", "fixed"].includes(getComputedStyle(here).position)) return true;
    }
    return false;
  };

  const gapBetween = (a, b) => {
    const across = Math.max(a.left - b.right, b.left - a.right);
    const down = Math.max(a.top - b.bottom, b.top - a.bottom);
    return Math.max(across, down);
  };

  const checkTargets = () => {
    const all = targets();
    for (const element of all) {
      const { width, height } = element.getBoundingClientRect();
      if (height < limits.target - 0.5) faults.push(`${nameOf(element)} is ${height.toFixed(0)} px high`);
      if (width < limits.target - 0.5) faults.push(`${nameOf(element)} is ${width.toFixed(0)} px wide`);
    }
    const measured = all.map((element) => ({ element, box: element.getBoundingClientRect(), sticky: isSticky(element) }));
    measured.forEach((one, index) => measured.slice(index + 1).forEach((other) => {
      const gap = gapBetween(one.box, other.box);
      if (gap >= limits.gap - 0.5 || one.sticky !== other.sticky) return;
      if (one.element.contains(other.element) || other.element.contains(one.element)) return;
      faults.push(`${nameOf(one.element)} and ${nameOf(other.element)} are ${gap.toFixed(0)} px apart`);
    }));
  };

  const textElements = () => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const isCode = ["SCRIPT", "STYLE", "NOSCRIPT"].includes(parent.tagName);
      if (walker.currentNode.textContent.trim() && !isCode && isSeen(parent)) found.add(parent);
    }
    document.querySelectorAll("input, select, textarea").forEach((field) => isSeen(field) && field.type !== "radio" && found.add(field));
    return [...found].filter((element) => !element.closest(".only-read, .skip-link"));
  };

  const checkText = () => {
    for (const element of textElements()) {
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const leading = parseFloat(style.lineHeight) / size;
      if (size < limits.text - 0.1) faults.push(`${nameOf(element)} is written in ${size.toFixed(1)} px`);
      if (!(leading >= limits.leading - 0.01)) faults.push(`${nameOf(element)} has a line height of ${leading.toFixed(2)}`);
      const contrast = contrastOf(element);
      if (contrast < limits.contrast - 0.05) faults.push(`${nameOf(element)} has a contrast of ${contrast.toFixed(1)}`);
    }
  };

  const colourOf = (text) => {
    const parts = (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };

  const over = (upper, lower) => upper.rgb.map((part, index) => part * upper.alpha + lower[index] * (1 - upper.alpha));

  const groundOf = (element) => {
    const layers = [];
    for (let here = element; here; here = here.parentElement) {
      const colour = colourOf(getComputedStyle(here).backgroundColor);
      if (colour.alpha > 0) layers.push(colour);
      if (colour.alpha >= SOLID) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };

  const luminanceOf = (rgb) => {
    const [red, green, blue] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const contrastOf = (element) => {
    const ground = groundOf(element);
    const ink = over(colourOf(getComputedStyle(element).color), ground);
    const [brighter, darker] = [luminanceOf(ink), luminanceOf(ground)].sort((a, b) => b - a);
    return (brighter + 0.05) / (darker + 0.05);
  };

  const checkPage = () => {
    const bodySize = parseFloat(getComputedStyle(document.body).fontSize);
    if (bodySize < limits.body - 0.1) faults.push(`the page is written in ${bodySize.toFixed(1)} px`);
    const width = document.documentElement.scrollWidth;
    // Not innerWidth: a phone zooms out to show a page that is too wide, and innerWidth with it.
    if (width > limits.screen) faults.push(`the page is ${width} px wide on a screen of ${limits.screen}`);
    const headings = document.querySelectorAll("h1");
    if (headings.length !== 1) faults.push(`there are ${headings.length} first headings`);
    else if (!document.title.includes(headings[0].innerText.trim())) faults.push(`the title “${document.title}” is not the heading`);
    if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main part");
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    if (new Set(ids).size !== ids.length) faults.push("an id is given twice");
  };

  checkPage();
  checkTargets();
  checkText();
  return faults;
}
