// Passkeys: the form that makes one and the form that signs in with one. The answer travels in hidden fields of the form, so
// that what goes wrong comes back as a page like any other.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export async function ask(form) {
  const button = form.querySelector("button");
  const status = form.querySelector("[role=status]");
  button.disabled = true;
  status.textContent = "";
  try {
    const answer = await fetch(form.dataset.ask, {
      method: "POST",
      credentials: "same-origin",
      body: new URLSearchParams(new FormData(form)),
    });
    // Refused: the same form without a key brings the page that says why.
    if (!answer.ok) return form.submit();
    const asked = await answer.json();
    fill(form, form.dataset.passkey === "create" ? await create(asked) : await get(asked));
    form.submit();
  } catch (error) {
    // Cancelled, too slow, or no passkey here.
    status.textContent = form.dataset.failed;
    button.disabled = false;
    button.focus();
  }
}

async function create(asked) {
  const known = (asked.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, challenge: bytes(asked.challenge), user, excludeCredentials: known };
  const { response } = await navigator.credentials.create({ publicKey });
  return { client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
}

async function get(asked) {
  const made = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge) } });
  const { response } = made;
  return {
    id: text(made.rawId),
    user: text(response.userHandle ?? new ArrayBuffer(0)),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
  };
}

function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const input = form.querySelector(`input[name="${name}"]`) ?? document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
}
