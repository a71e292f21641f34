package enum Stylesheet {
  /// The stylesheet of all pages. The light and dark colours have a contrast of at least 4.5:1 (WCAG 2.2,
  /// 1.4.3).
  package static let text = """
    :root {
      color-scheme: light dark;
      --ground: #fdfdfc;
      --raised: #f3f3f0;
      --line: #dcdcd6;
      --text: #1d1f21;
      --quiet: #5a5f66;
      --link: #0b5cad;
      --get: #1f6f3f;
      --post: #0b5cad;
      --patch: #8a5100;
      --delete: #b3261e;
      --code: ui-monospace, "Cascadia Code", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --ground: #16181a;
        --raised: #1f2225;
        --line: #363b40;
        --text: #e4e6e8;
        --quiet: #a4abb3;
        --link: #7db7f5;
        --get: #7ccf98;
        --post: #7db7f5;
        --patch: #e5b567;
        --delete: #f29b94;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0;
      background: var(--ground);
      color: var(--text);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    header, main { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 1rem; }
    nav { display: flex; justify-content: space-between; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
    main { padding-bottom: 4rem; }
    main:focus { outline: none; }
    a { color: var(--link); text-underline-offset: .15em; }
    a:hover { text-decoration-thickness: 2px; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    .home { color: inherit; font-weight: 600; text-decoration: none; }
    .home:hover { text-decoration: underline; }
    .skip { position: absolute; inset-inline-start: -100vw; padding: .5rem 1rem; background: var(--ground); }
    .skip:focus { inset-inline-start: 1rem; top: .5rem; z-index: 1; }

    h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
    h1 { margin: 2rem 0 .75rem; font-size: 1.6rem; }
    h2 { margin: 2.5rem 0 .75rem; font-size: 1.2rem; }
    h3 { margin: 1.25rem 0 .4rem; font-size: .95rem; color: var(--quiet); font-weight: 600; }
    p { max-width: 42rem; margin: .5rem 0; }
    .lead { font-size: 1.1rem; }
    code, pre { font-family: var(--code); font-size: .875em; }
    h1 code { font-size: 1em; }
    .route { overflow-wrap: anywhere; }
    pre {
      margin: .5rem 0;
      padding: .8rem 1rem;
      border-radius: .4rem;
      background: var(--raised);
      line-height: 1.5;
      white-space: pre-wrap;
      word-break: break-all;
    }
    pre.words { word-break: normal; overflow-wrap: anywhere; }
    pre code { font-size: 1em; }

    .verb { font: 600 .72rem/1 var(--code); letter-spacing: .04em; }
    h1 .verb { font-size: .6em; padding: .3em .5em; border: 1px solid; border-radius: .3em; vertical-align: .2em; }
    .get { color: var(--get); }
    .post { color: var(--post); }
    .patch { color: var(--patch); }
    .delete { color: var(--delete); }

    .routes { margin: 0; padding: 0; list-style: none; }
    .routes li {
      display: grid;
      grid-template-columns: 3.75rem minmax(0, 1fr);
      column-gap: .5rem;
      align-items: baseline;
      padding: .55rem 0;
      border-top: 1px solid var(--line);
    }
    .routes a { overflow-wrap: anywhere; }
    .routes .summary { grid-column: 2; color: var(--quiet); font-size: .925rem; }

    .scroll { margin: .75rem 0; overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; font-size: .925rem; }
    th, td { padding: .5rem 0; padding-inline-end: 1rem; text-align: start; vertical-align: top; }
    thead th { color: var(--quiet); font-size: .8rem; font-weight: 600; border-bottom: 1px solid var(--line); }
    tbody { border-bottom: 1px solid var(--line); }
    tbody th { font-weight: 400; white-space: nowrap; }
    td { min-width: 3.5rem; }
    /* Sentences. */
    [aria-labelledby="receives"] td:nth-of-type(1),
    [aria-labelledby="exceptions"] td:nth-of-type(2),
    [aria-labelledby="any-route"] td:nth-of-type(2),
    [aria-labelledby="settings"] td:nth-of-type(n + 2) { min-width: 9rem; }
    @media (max-width: 40rem) {
      tbody th { white-space: normal; }
      [aria-labelledby="exceptions"] tbody th, [aria-labelledby="any-route"] tbody th { min-width: 6.5rem; }
      [aria-labelledby="receives"] td:nth-of-type(1) { min-width: 7rem; }
      th, td { padding-inline-end: .75rem; }
    }
    details { margin: .75rem 0; }
    summary { width: fit-content; color: var(--link); cursor: pointer; }

    form { max-width: 32rem; }
    .field { margin: 1rem 0; }
    .hint { margin: .1rem 0 .35rem; color: var(--quiet); font-size: .875rem; }
    input, button { font: inherit; border-radius: .35rem; padding: .5rem .75rem; }
    input { width: 100%; border: 1px solid var(--quiet); background: var(--ground); color: var(--text); }
    button { margin-top: .5rem; border: 1px solid var(--link); background: var(--link); color: var(--ground); cursor: pointer; }

    """
}
