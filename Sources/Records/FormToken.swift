import DashboardCrypto
import DashboardWireFormat

/// Tokens for forms: what a page writes into a hidden field of its form, and wants back with what the form posts. Another
/// site can make a browser post to the page, but can't know the token.
extension Session {
  /// The token of the form that posts to a path: HMAC-SHA-256 (RFC 2104) of the path, with the 128 digits of `csrfToken`
  /// as the key, in hexadecimal. Programs in other languages make the same, as PHP does with
  /// `hash_hmac('sha256', $path, $session['csrfToken'])`.
  ///
  /// - Parameter path: without a query, such as `/account/change-password`: a token that leaks from one form is no good for
  ///   another.
  public func formToken(path: String) -> String {
    Hexadecimal.text(Hash.hmacSHA256(Array(path.utf8), key: Array(Hexadecimal.text(csrfToken).utf8)))
  }

  /// Whether a form that posts to the path posted its token. Takes as long for a wrong one.
  public func accepts(formToken text: String, path: String) -> Bool {
    Hash.areEqual(Array(formToken(path: path).utf8), Array(text.utf8))
  }
}
