import DashboardCrypto
import DashboardRouting
import DashboardWireFormat

/// The script for passkeys, which only the browser can ask for. It is on the pages that have a field for one, and on no other.
///
/// A form has one such field, a hidden input. Its button, or the form's own if it has none, lets the script ask the browser, fill the
/// field in and send the form.
enum SiteScript {
  /// Changes with the text, so that browsers may keep it.
  static let path =
    Wing.account.path("passkey-\(Hexadecimal.text(Array(Hash.sha256(Array(text.utf8)).prefix(6)))).js")

  static let resource = Resource(
    path,
    [
      Operation { _ in
        var draft = Draft(Array(text.utf8), "text/javascript; charset=utf-8")
        draft.keep()
        return draft
      }
    ])

  static let text = """
    "use strict";
    (() => {
      const field = document.querySelector("input[data-passkey]");
      if (!field || !window.PublicKeyCredential || !navigator.credentials) return;
      const form = field.form;
      const button = form.querySelector("[data-passkey-button]");
      const failed = form.querySelector("[data-passkey-failed]");
      const exists = form.querySelector("[data-passkey-known]");
      form.querySelector("[data-passkey-without]").hidden = true;
      for (const one of form.querySelectorAll("[data-passkey-button], [data-passkey-submit]")) one.hidden = false;

      // Base64url (RFC 4648 section 5), in which JSON has bytes.
      const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
      const text = (buffer) =>
        btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
      const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

      // A challenge counts for five minutes. A page that stays open longer gets another one.
      // The page of a form that was refused can know less than its answer, such as the account's passkeys.
      let madeAt = 0;
      const renew = async () => {
        if (performance.now() - madeAt < 240000) return;
        const answer = await fetch(location.href);
        // The session or the sign-in is over, or too old.
        if (answer.redirected) {
          location.assign(answer.url);
          return new Promise(() => {});
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const other = page.querySelector(`input[data-passkey=${field.dataset.passkey}]`);
        const names = (options) => (JSON.parse(options).publicKey.allowCredentials || []).length;
        if (!answer.ok || !other || names(other.dataset.options) < names(field.dataset.options)) return;
        field.dataset.options = other.dataset.options;
        // What the form makes must be found again when it is sent twice.
        const [code, otherCode] = [form, page].map((one) => one.querySelector("input[name=form-code]"));
        if (code && otherCode) code.value = otherCode.value;
        madeAt = performance.now();
      };

      const ask = async () => {
        await renew();
        const options = JSON.parse(field.dataset.options).publicKey;
        options.challenge = bytes(options.challenge);
        if (field.dataset.passkey === "create") {
          options.user.id = bytes(options.user.id);
          // A site that keeps no usernames has no other name for the browser's list.
          options.user.name ||= form.elements["passkey-name"].value || location.host;
          options.user.displayName ||= options.user.name;
          options.excludeCredentials = known(options.excludeCredentials);
          return navigator.credentials.create({ publicKey: options });
        }
        options.allowCredentials = known(options.allowCredentials);
        return navigator.credentials.get({ publicKey: options });
      };

      const json = ({ id, rawId, type, response }) => JSON.stringify({
        id, rawId: text(rawId), type,
        response: Object.fromEntries(
          ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
            .filter((name) => response[name])
            .map((name) => [name, text(response[name])])
            .concat(response.getTransports ? [["transports", response.getTransports()]] : [])),
      });

      let isAsking = false;
      const send = async () => {
        // What is missing is typed first, since an answer of the authenticator counts only once.
        const needed = "passkeyAlone" in field.dataset ? [] : [...form.elements];
        const missing = needed.find((one) => one.required && !one.value);
        // Its text is the browser's, since the form has none before it was sent.
        if (missing) missing.reportValidity();
        if (isAsking || missing) return;
        isAsking = true;
        for (const text of [failed, exists]) if (text) text.hidden = true;
        try {
          field.value = json(await ask());
          form.submit();
        } catch (error) {
          // The authenticator has one of the account's passkeys (WebAuthn section 6.3.2).
          (error.name === "InvalidStateError" && exists || failed).hidden = false;
        }
        isAsking = false;
      };
      if (button) {
        button.addEventListener("click", send);
      } else {
        form.addEventListener("submit", (event) => {
          event.preventDefault();
          send();
        });
      }
    })();

    """
}
