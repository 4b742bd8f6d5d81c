// The number where a person answers: the server writes the city's hotline into the page.

export function hotline() {
  return document.documentElement.dataset.hotline;
}
