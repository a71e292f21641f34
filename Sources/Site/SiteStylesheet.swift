import DashboardCrypto
import DashboardHTML
import DashboardWireFormat

/// The stylesheet of the pages: that of all pages, and what forms need.
enum SiteStylesheet {
  static let text = Stylesheet.text + own

  /// Changes with the text, so that browsers may keep it.
  static let path =
    Wing.account.path("style-\(Hexadecimal.text(Array(Hash.sha256(Array(text.utf8)).prefix(6)))).css")

  private static let own = """
    header, main, footer { max-width: 42.5rem; margin: 0 auto; padding-inline: 1.25rem; }
    main { padding-bottom: 3rem; }
    /* Long words, such as German ones on a phone. */
    h1, h2 { overflow-wrap: anywhere; hyphens: auto; }
    nav { flex-wrap: wrap; gap: .25rem 1.5rem; }
    .home { overflow-wrap: anywhere; }
    .logo { height: 1.75em; margin-inline-end: .5rem; vertical-align: middle; }
    .links { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
    footer { padding-bottom: 2rem; color: var(--quiet); }
    footer form { max-width: none; padding-top: .75rem; border-top: 1px solid var(--line); }
    .languages button { margin: 0; margin-inline-end: 1rem; padding: .25rem 0; border-color: transparent; background: none; color: var(--link); text-decoration: underline; }
    fieldset { margin: 1rem 0; padding: 0; border: 0; }
    legend { padding: 0; }
    label, legend { font-weight: 600; }
    .choice { display: flex; gap: .6rem; align-items: baseline; padding: .4rem 0; font-weight: 400; }
    .optional { color: var(--quiet); font-weight: 400; }
    input { min-height: 2.75rem; }
    input[type="radio"], input[type="checkbox"] { flex: none; min-height: 0; width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--link); transform: translateY(.15rem); }
    button { min-height: 2.75rem; }
    /* Digits before a hyphen would change places from right to left. */
    code, [autocomplete="one-time-code"] { direction: ltr; unicode-bidi: isolate; }
    .other { background: none; color: var(--link); }
    .passkey { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
    form + p { margin-top: 1.5rem; }
    .danger { border-color: var(--delete); background: var(--delete); }
    .problem { margin: 1.5rem 0; padding: .25rem 1rem; border: 2px solid var(--delete); border-radius: .4rem; }
    .problem h2 { margin: .5rem 0; font-size: 1.1rem; }
    .wrong { margin: .1rem 0 .35rem; color: var(--delete); font-weight: 600; }
    [aria-invalid="true"] { border: 2px solid var(--delete); }
    .notice, .alert { padding: .75rem 1rem; border-inline-start: .3rem solid var(--get); background: var(--raised); }
    .alert { border-color: var(--delete); }
    .actions { margin: .5rem 0 1.5rem; padding: 0; list-style: none; }
    .actions li { border-bottom: 1px solid var(--line); }
    .actions a { display: block; padding: .7rem 0; overflow-wrap: anywhere; }
    .actions li:not(:has(a)) { padding: .7rem 0; }
    .actions .hint { display: inline-block; width: 100%; margin: 0; }
    .counts a { display: flex; justify-content: space-between; gap: 1rem; }
    .counts .hint { width: auto; font-size: 1rem; }
    h2 + .actions { margin-top: -.25rem; }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .4rem 1.25rem; margin: 1rem 0; }
    /* A date after Latin letters would join them from right to left. */
    time { unicode-bidi: isolate; }
    dt { color: var(--quiet); }
    dd { margin: 0; overflow-wrap: anywhere; }
    .secret { padding: .75rem 1rem; border-radius: .4rem; background: var(--raised); font-size: 1.4rem; overflow-wrap: anywhere; }
    .qr { display: block; width: min(100%, 16rem); margin: 1rem 0; border-radius: .4rem; }
    .codes { columns: 2 12rem; padding: .75rem 1rem; border-radius: .4rem; background: var(--raised); font-size: 1.1rem; list-style: none; }
    .codes li { padding: .25rem 0; break-inside: avoid; }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.5rem 2rem; }
    .chart { min-width: 0; margin: 0; break-inside: avoid; }
    .chart svg { display: block; width: 100%; height: 6rem; margin-top: .5rem; border-bottom: 1px solid var(--quiet); fill: var(--link); }
    [dir="rtl"] .chart svg { transform: scaleX(-1); }
    .axis { display: flex; justify-content: space-between; gap: 1rem; }
    .chart table { font-variant-numeric: tabular-nums; }
    .chart th, .chart td { min-width: 1.5rem; padding: .2rem 0; padding-inline-start: .3rem; }
    .chart th:first-child { padding-inline-start: 0; white-space: nowrap; }
    .chart td, .chart thead th + th { text-align: end; }
    figcaption .hint { display: block; margin: 0; }
    @media (max-width: 30rem) { h1 { font-size: 1.4rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
    @media print { header, footer, form, .actions:not(.counts), .axis + details, .skip, .notice, .alert { display: none; } .secret { border: 1px solid; } }

    """
}
