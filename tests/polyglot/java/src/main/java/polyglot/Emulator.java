package polyglot;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** What a test asks of the emulator besides the three operations. */
final class Emulator {
    /** The emulator's only user, and the project. The password opens nothing else. */
    private static final String AUTH = """
            {"auth": {
              "identity": {"methods": ["password"], "password": {"user":
                {"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": {"name": "demo-company"}}}},
              "scope": {"project": {"id": "%s"}}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    Emulator(String url) {
        this.url = url;
    }

    /** A token for the project, as IAM issues it: in a header of the answer. */
    String obtainToken(String projectId) throws IOException, InterruptedException {
        var answer = post("/v3/auth/tokens", AUTH.formatted(projectId));
        return answer.headers().firstValue("X-Subject-Token").orElseThrow();
    }

    /** Lets the next calls meet with this fault, and with none that was set before. */
    void script(JsonNode fault) throws IOException, InterruptedException {
        send(request("/_emulator/faults").DELETE());
        if (!fault.isNull()) {
            post("/_emulator/faults", fault.toString());
        }
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }
}
