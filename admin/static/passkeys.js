/* Asks the browser for a passkey and sends what it answers, as a field of the form. */

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const described = (one) => ({ ...one, id: bytesOf(one.id) });

/* The options come as JSON, with bytes as base64url; the browser wants bytes. */
function optionsFrom(json) {
  const options = JSON.parse(json);
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) options[list] = options[list].map(described);
  }
  return options;
}

function answerOf(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const sent = parts.filter((part) => response[part]).map((part) => [part, textOf(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response: { ...Object.fromEntries(sent), transports: response.getTransports?.() ?? [] },
    clientExtensionResults: {},
  });
}

class PasskeyForm {
  constructor(form) {
    this.form = form;
    this.problem = document.getElementById("passkey-problem");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    if (form.dataset.kind === "get") this.ask();
  }

  async ask() {
    if (!window.PublicKeyCredential) return this.say("passkey-impossible");
    this.problem.replaceChildren();
    try {
      const publicKey = optionsFrom(this.form.dataset.options);
      const credential = await navigator.credentials[this.form.dataset.kind]({ publicKey });
      this.form.elements.answer.value = answerOf(credential);
    } catch (error) {
      return this.say(error.name === "InvalidStateError" ? "passkey-known" : "passkey-cancelled");
    }
    return this.form.submit();
  }

  say(id) {
    this.problem.replaceChildren(document.getElementById(id).content.cloneNode(true));
  }
}

document.querySelectorAll('[data-module="passkey"]').forEach((form) => new PasskeyForm(form));
if (window.PublicKeyCredential) {
  document.querySelectorAll('[data-module="passkey-offer"]').forEach((form) => {
    form.hidden = false;
  });
}
