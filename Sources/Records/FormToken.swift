import DashboardCrypto
import DashboardWireFormat

/// Anti-CSRF tokens. A page writes the token into a hidden field of its form and checks it when the form is
/// posted. Another site can make a browser post the form, but it can't know the token.
extension Session {
  /// The token of a form that posts to a path: 64 hexadecimal digits.
  ///
  /// It is the HMAC-SHA-256 (RFC 2104) of the path. The key is the 128 digits of `csrfToken`, as text. In
  /// PHP: `hash_hmac('sha256', $path, $session['csrfToken'])`. A leaked token is useless for another path.
  ///
  /// - Parameter path: without a query, such as `/account/change-password`.
  public func formToken(path: String) -> String {
    Hexadecimal.text(Hash.hmacSHA256(Array(path.utf8), key: Array(Hexadecimal.text(csrfToken).utf8)))
  }

  /// True if the text is the token of the path. The comparison takes constant time.
  public func accepts(formToken text: String, path: String) -> Bool {
    Hash.areEqual(Array(formToken(path: path).utf8), Array(text.utf8))
  }
}
