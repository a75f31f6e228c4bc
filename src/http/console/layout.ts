import { h, type ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';

export interface PageFacts {
  readonly title: string;
  readonly version: string;
  /** Milliseconds since the epoch, on the service's clock: the script counts from it. */
  readonly now: number;
  /** Whether to listen for what happens and renew the page. */
  readonly live: boolean;
  /** Whether to offer to log out. */
  readonly loggedIn: boolean;
}

/** A whole page as HTML text. Everything in it is escaped by the renderer; there is no other way into the page. */
export function renderPage(facts: PageFacts, ...content: ComponentChildren[]): string {
  const { title, version, now, live, loggedIn } = facts;
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('title', null, `${title} · unclog`),
      h('link', { rel: 'icon', href: '/assets/icon.svg', type: 'image/svg+xml' }),
      h('link', { rel: 'stylesheet', href: '/assets/console.css' }),
      live ? h('script', { src: '/assets/console.js', type: 'module' }) : null,
      live ? h('noscript', null, h('meta', { 'http-equiv': 'refresh', content: '15' })) : null,
    ),
    h(
      'body',
      { 'data-now': String(now) },
      h(
        'header',
        null,
        h('a', { class: 'name', href: '/' }, 'unclog'),
        h('span', { class: 'faint' }, version),
        live ? h('span', { id: 'live', class: 'faint', role: 'status' }) : null,
        h(
          'nav',
          null,
          h('a', { href: '/metrics' }, 'metrics'),
          h('a', { href: '/config' }, 'configuration'),
          loggedIn ? h('form', { method: 'post', action: '/logout' }, h('button', { class: 'link' }, 'log out')) : null,
        ),
      ),
      h('main', null, ...content),
    ),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}
