// <commonweal-feedback form="KEY"><a href="https://…/f/KEY">Give feedback</a></commonweal-feedback>
//
// A form that opens in the place of its link, on a page of somebody else. It must work under the
// strictest policy of that page (no inline style, no inline script, Trusted Types), whatever the
// page's own stylesheet does, and leave nothing behind: no cookie, no storage. Nothing is sent and
// nothing asked before somebody opens it. Its words come from the server.

const SERVER = new URL(import.meta.url).origin;

// Important rules of a shadow root win over important rules of the page around it.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{all:initial!important;display:block!important;font:medium/1.5 system-ui,sans-serif!important;color:#16202a!important;
--b:var(--commonweal-brand,#14505c);--c:var(--commonweal-brand-contrast,#fff);--f:var(--commonweal-focus,#fd0)}
*{box-sizing:border-box}
section{max-width:40em;border:1px solid #66727f;border-radius:6px;padding:1em;background:#fff;text-align:start;overflow-wrap:anywhere}
h2{margin:0 0 .5em;font-size:1.25em;line-height:1.3}
p{margin:0 0 .5em}
fieldset{margin:0 0 1em;border:0;padding:0;min-width:0}
legend,label{padding:0;font-weight:600}
div label{display:flex;gap:.5em;align-items:center;min-height:2.75em;font-weight:400;cursor:pointer}
input{flex:none;width:1.5em;height:1.5em;margin:0;accent-color:var(--b)}
textarea{display:block;width:100%;min-height:6em;margin:.25em 0 1em;border:2px solid #66727f;border-radius:4px;padding:.5em;background:#fff;color:#16202a;font:inherit;resize:vertical}
button{margin-inline-end:.75em;min-height:2.75em;border:2px solid var(--b);border-radius:6px;padding:.375em 1em;background:var(--b);color:var(--c);font:inherit;font-weight:600;cursor:pointer}
button+button{border-color:#66727f;background:#fff;color:#16202a}
a{color:inherit}
.h{color:#4a5663}
.e{margin:.5em 0;color:#a4291d;font-weight:600}
.e:empty{display:none}
[aria-invalid]{border-color:#a4291d}
:focus{outline:none}
:focus-visible{outline:3px solid #0b0c0c;outline-offset:1px;box-shadow:0 0 0 6px var(--f)}
section:focus-visible,p:focus-visible{outline-width:2px;box-shadow:none}`);

/** An element; `set` holds properties, and attributes where the name has a hyphen. */
function make(tag, set, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(set)) {
    if (name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

class CommonwealFeedback extends HTMLElement {
  connectedCallback() {
    // Moved to another place of the page, it stays as it is.
    if (this.shadowRoot) return;
    this.root = this.attachShadow({ mode: 'open' });
    this.root.adoptedStyleSheets = [sheet];
    const link = this.querySelector('a');
    // Without a link there are no words for the button: it opens by itself.
    if (link) this.close(link.textContent.trim());
    else this.open();
  }

  /** Only the button that opens it. */
  close(words = this.words) {
    this.words = words;
    this.button = make('button', { type: 'button', 'aria-expanded': 'false', onclick: () => this.open(true) }, words);
    this.root.replaceChildren(this.button);
  }

  async ask(options) {
    const page = this.closest('[lang]');
    const lang = (page ? page.lang : '').slice(0, 2);
    const url = `${SERVER}/w/forms/${encodeURIComponent(this.getAttribute('form'))}?lang=${encodeURIComponent(lang)}`;
    const response = await fetch(url, { mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer', ...options });
    return [response.ok, await response.json()];
  }

  async open(byPerson) {
    if (this.busy) return;
    this.busy = true;
    try {
      const [ok, form] = await this.ask();
      if (!ok) throw Error(form.detail);
      this.show(form, byPerson);
    } catch (error) {
      // Whoever keeps the page finds the reason in its console; whoever reads it gets the link.
      console.error('commonweal-feedback:', error.message);
      this.root.replaceChildren(make('slot', {}));
      if (byPerson) this.querySelector('a')?.focus();
    }
    this.busy = false;
  }

  show(form, byPerson) {
    const { words } = form;
    const errors = {};
    const controls = {};
    const error = (name) => (errors[name] = make('p', { className: 'e', id: `${name}-e` }));
    const area = (name) => {
      controls[name] = make('textarea', { id: name, name, 'aria-describedby': `h ${name}-e` });
      return [make('label', { htmlFor: name }, form[name]), error(name), controls[name]];
    };
    // What concerns the whole stands before the buttons, where people are when they hear of it.
    const whole = make('p', { className: 'e', id: 'e', tabIndex: -1, role: 'alert' });
    const choose = ([value, label]) => {
      const input = make('input', { type: 'radio', name: 'rating', value, 'aria-describedby': 'rating-e' });
      controls.rating ??= input;
      return make('label', {}, input, label);
    };
    const rating = form.rating
      ? [make('fieldset', {}, make('legend', {}, form.rating.question), error('rating'), make('div', {}, ...form.rating.choices.map(choose)))]
      : [];
    let { token } = form;

    const send = async () => {
      if (this.busy) return;
      const data = new FormData(sheetOf);
      for (const [name, element] of Object.entries(errors)) {
        element.textContent = '';
        controls[name].removeAttribute('aria-invalid');
      }
      whole.textContent = '';
      this.busy = true;
      let answer;
      try {
        const body = JSON.stringify({
          token,
          rating: data.get('rating') && Number(data.get('rating')),
          good: data.get('good'),
          better: data.get('better'),
          page: location.origin + location.pathname,
        });
        [, answer] = await this.ask({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      } catch {
        answer = { message: words.failed };
      }
      this.busy = false;
      if (answer.taken) {
        const thanks = make('p', { tabIndex: -1, role: 'status' }, answer.message);
        panel.replaceChildren(thanks);
        thanks.focus();
        return;
      }
      token = answer.token ?? token;
      const wrong = (answer.errors ?? []).filter((e) => errors[e.field]);
      for (const { field, message } of wrong) {
        errors[field].textContent = message;
        controls[field].setAttribute('aria-invalid', 'true');
      }
      if (wrong.length > 0) {
        controls[wrong[0].field].focus();
      } else {
        whole.textContent = answer.message ?? answer.detail ?? words.failed;
        whole.focus();
      }
    };

    const buttons = [make('button', {}, words.send)];
    if (this.words) {
      const cancel = () => {
        this.close();
        this.button.focus();
      };
      buttons.push(make('button', { type: 'button', onclick: cancel }, words.cancel));
    }
    const sheetOf = make(
      'form',
      {
        noValidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          send();
        },
      },
      ...rating,
      make('p', { className: 'h', id: 'h' }, words.hint),
      ...area('good'),
      ...area('better'),
      whole,
      ...buttons,
    );
    const panel = make('section', { lang: form.lang, dir: 'ltr', tabIndex: -1, role: 'group', 'aria-label': form.title }, make('h2', {}, form.title), sheetOf);
    this.root.replaceChildren(panel);
    if (byPerson) panel.focus();
  }
}

// A page may hold the script twice.
if (!customElements.get('commonweal-feedback')) customElements.define('commonweal-feedback', CommonwealFeedback);
