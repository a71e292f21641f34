// The story of README.md with Apache HttpClient 4.
// Packages: openjdk-17-jdk-headless libhttpclient-java libhttpmime-java
// Command: /usr/bin/java -Dfile.encoding=UTF-8 -cp /usr/share/java/httpclient.jar:/usr/share/java/httpcore.jar:/usr/share/java/httpmime.jar:/usr/share/java/commons-logging.jar:/usr/share/java/commons-codec.jar
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.http.HttpEntity;
import org.apache.http.client.entity.UrlEncodedFormEntity;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.mime.MultipartEntityBuilder;
import org.apache.http.impl.client.BasicCookieStore;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.message.BasicNameValuePair;
import org.apache.http.util.EntityUtils;

class Story {
  static String base;
  static final String username = "Zoë & co + 100 %";
  static final String password = "a pässwörd = ☃; \"x\"";

  static void check(boolean isRight, String what) {
    if (!isRight) throw new AssertionError(what);
  }

  static String member(String json, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    check(matcher.find(), "no " + name + " in " + json);
    return matcher.group(1);
  }

  static String call(
    CloseableHttpClient client, int status, String method, String route, HttpEntity form, String token) throws Exception {
    var request = RequestBuilder.create(method).setUri(base + "/api/user/" + route);
    if (form != null) request.setEntity(form);
    if (token != null) request.setHeader("Authorization", token);
    try (var answer = client.execute(request.build())) {
      var text = EntityUtils.toString(answer.getEntity());
      check(answer.getStatusLine().getStatusCode() == status, route + ": " + answer.getStatusLine() + " " + text);
      return text;
    }
  }

  public static void main(String[] arguments) throws Exception {
    base = arguments[0];
    var form = new UrlEncodedFormEntity(
      List.of(new BasicNameValuePair("username", username), new BasicNameValuePair("password", password)),
      StandardCharsets.UTF_8);
    var text = ContentType.TEXT_PLAIN.withCharset(StandardCharsets.UTF_8);
    var parts = MultipartEntityBuilder.create()
      .addTextBody("username", username, text).addTextBody("password", password, text).build();
    var jar = new BasicCookieStore();
    try (var plain = HttpClients.custom().disableCookieManagement().build();
      var browser = HttpClients.custom().setDefaultCookieStore(jar).build()) {
      call(plain, 200, "POST", "create-account", form, null);

      var begun = call(browser, 200, "POST", "create-session", form, null);
      check(!jar.getCookies().isEmpty(), "no cookie was set");
      var current = call(browser, 200, "GET", "current-session", null, null);
      check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
      call(browser, 200, "PATCH", "set-current-session-ended", null, null);
      // By default it reads Expires and not Max-Age, so it keeps the cookie without its value.
      check(jar.getCookies().stream().allMatch(cookie -> cookie.getValue().isEmpty()), "a cookie was not cleared");
      call(browser, 401, "GET", "current-session", null, null);

      begun = call(plain, 200, "POST", "create-session", parts, null);
      var token = "Bearer " + member(begun, "sessionid") + "." + member(begun, "token");
      current = call(plain, 200, "GET", "current-session", null, token);
      check(member(current, "sessionid").equals(member(begun, "sessionid")), "another session");
      call(plain, 200, "PATCH", "set-current-session-ended", null, token);
      call(plain, 401, "GET", "current-session", null, token);
    }
  }
}
