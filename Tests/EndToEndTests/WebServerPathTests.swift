import TestSupport
import Testing

/// Web servers tell a program the path in different parameters.
@Suite("paths from web servers")
struct WebServerPathTests {
  private static let parameters = """
    fastcgi_param REQUEST_METHOD $request_method; fastcgi_param QUERY_STRING $query_string;
    fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
    """

  @Test(
    "the API answers below /api, whichever parameters have the path",
    arguments: [
      "fastcgi_param REQUEST_URI $request_uri;",
      "fastcgi_param SCRIPT_NAME $fastcgi_script_name;",
      "fastcgi_param SCRIPT_NAME $fastcgi_script_name; fastcgi_param REQUEST_URI $request_uri;",
      "fastcgi_param PATH_INFO $uri; fastcgi_param SCRIPT_NAME '';",
      """
      fastcgi_split_path_info ^(/api)(.*)$; fastcgi_param SCRIPT_NAME $fastcgi_script_name;
      fastcgi_param PATH_INFO $fastcgi_path_info; fastcgi_param REQUEST_URI /elsewhere;
      """,
      """
      fastcgi_split_path_info ^()(/api.*)$; fastcgi_param SCRIPT_NAME $fastcgi_script_name;
      fastcgi_param PATH_INFO $fastcgi_path_info;
      """,
    ])
  func parameters(path: String) throws {
    let site = try Site(
      .fastcgi, block: "location / { fastcgi_pass dashboard; \(Self.parameters) \(path) }\n")
    #expect(try site.request("GET", "/api/settings?x=1").json["object"]?.string == "settings")
    #expect(try site.request("GET", "/api").status == 200)
    #expect(try site.signUp("ada").accountid.hasPrefix("acct_"))
    for path in ["/api/none", "/api/settings/", "/apis", "/authorize"] {
      #expect(try site.request("GET", path).verdict == "404 invalid-route", "\(path)")
    }
  }
}
