import DashboardCrypto
import DashboardHTML
import DashboardWireFormat

/// The stylesheet of the pages: that of all pages, and what forms need.
enum SiteStylesheet {
  static let text = Stylesheet.text + own

  /// Changes with the text, so that browsers may keep it.
  static let path =
    "\(Page.root)/style-\(Hexadecimal.text(Array(Hash.sha256(Array(text.utf8)).prefix(6)))).css"

  private static let own = """
    .logo { height: 1.75em; margin-right: .5rem; vertical-align: middle; }
    .links a { margin-left: 1rem; }
    footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 2rem; border-top: 1px solid var(--line); color: var(--quiet); }
    footer form { max-width: none; }
    footer .links a { margin: 0 1rem 0 0; }
    .languages button { margin: 0 .5rem 0 0; padding: .25rem .5rem; border-color: transparent; background: none; color: var(--link); text-decoration: underline; }
    main { max-width: 40rem; }
    fieldset { margin: 1rem 0; padding: 0; border: 0; }
    legend { padding: 0; }
    label, legend { font-weight: 600; }
    .choice { display: block; padding: .4rem 0; font-weight: 400; }
    .choice input { width: auto; margin-right: .25rem; }
    .optional { color: var(--quiet); font-weight: 400; }
    input { min-height: 2.75rem; }
    input[type="radio"], input[type="checkbox"] { min-height: 0; width: 1.15rem; height: 1.15rem; vertical-align: -.15rem; }
    button { min-height: 2.75rem; }
    .danger { border-color: var(--delete); background: var(--delete); }
    .problem { margin: 1.5rem 0; padding: .25rem 1rem; border: 2px solid var(--delete); border-radius: .4rem; }
    .problem h2 { margin: .5rem 0; font-size: 1.1rem; }
    .wrong { margin: .1rem 0 .35rem; color: var(--delete); font-weight: 600; }
    [aria-invalid="true"] { border: 2px solid var(--delete); }
    .notice { padding: .75rem 1rem; border-left: .3rem solid var(--get); background: var(--raised); }
    .actions { margin: .5rem 0 1.5rem; padding: 0; list-style: none; }
    .actions li { border-bottom: 1px solid var(--line); }
    .actions a { display: block; padding: .7rem 0; overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .4rem 1.25rem; margin: 1rem 0; }
    dt { color: var(--quiet); }
    dd { margin: 0; overflow-wrap: anywhere; }
    .secret { font-size: 1.4rem; overflow-wrap: anywhere; }
    @media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }
    @media print { header, footer, form, .skip, .notice { display: none; } }

    """
}
