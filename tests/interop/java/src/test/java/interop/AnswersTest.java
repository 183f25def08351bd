package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the generated clients make of the answers in ../cases.json. */
class AnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper().setDefaultPropertyInclusion(Include.NON_NULL);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> OPERATIONS = List.of("tasks", "records", "syncing");

    private static Process emulator;
    private static JsonNode ready;

    @BeforeAll
    static void startEmulator() throws IOException {
        var program = System.getenv().getOrDefault("IDSYNC_BIN", "../../../target/debug/idsync");
        emulator = new ProcessBuilder(program, "emulator", "--quiet").start();
        ready = JSON.readTree(emulator.inputReader().readLine());
    }

    @AfterAll
    static void stopEmulator() {
        emulator.destroy();
    }

    @BeforeEach
    void clearFaults() throws Exception {
        send(request("/_emulator/faults").DELETE());
    }

    /** A test for each case of a list and each operation that the case has a body for. */
    private static Stream<Arguments> cases(String list) throws IOException {
        var cases = JSON.readTree(new File("../cases.json")).get(list);
        return StreamSupport.stream(cases.spliterator(), false).flatMap(row -> OPERATIONS.stream()
                .filter(operation -> row.has(operation) || row.has("body"))
                .map(operation -> Arguments.of(row.get("name").asText(), operation, row)));
    }

    static Stream<Arguments> successes() throws IOException {
        return cases("successes");
    }

    static Stream<Arguments> failures() throws IOException {
        return cases("failures");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("successes")
    void everyFieldOfASuccessIsRead(String name, String operation, JsonNode row) throws Exception {
        var sent = row.get(operation);
        var body = sent.isTextual() ? sent.asText() : sent.toString();
        answer(operation, 200, row, body);
        var expected = row.has("typed") ? row.get("typed").get(operation) : JSON.readTree(body);
        var model = JSON.writeValueAsString(call(operation, text("token")));
        assertEquals(withoutNulls(expected), JSON.readTree(model));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("failures")
    void aFailureHasItsStatusAndCode(String name, String operation, JsonNode row) throws Exception {
        answer(operation, row.get("status").asInt(), row, row.get("body").asText());
        assertFails(operation, text("token"), row.get("status").asInt(), row.get("code").asText(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks", "records", "syncing"})
    void theTokensOfTheReadyLineAndOfALoginGetAnswers(String operation) throws Exception {
        for (var token : List.of(text("token"), login())) {
            assertFalse(JSON.valueToTree(call(operation, token)).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks", "records", "syncing"})
    void aWrongTokenIsRefusedWithTheCodeOfTheGateway(String operation) {
        assertFails(operation, "not-a-token", 401, "APIGW.0307");
    }

    private static void assertFails(String operation, String token, int status, String code) {
        var failure = assertThrows(ServiceError.class, () -> call(operation, token));
        assertEquals(status, failure.status);
        assertEquals(code, failure.code);
    }

    private static Object call(String operation, String token) throws ServiceError {
        var services = new Services(text("url"), token);
        var project = text("project_id");
        return switch (operation) {
            case "tasks" -> services.listTasks(project, text("workspace"));
            case "records" -> services.listRecords(project, ready.at("/clusters/dws/0").asText());
            default -> services.readStatus(project, ready.at("/clusters/mrs/0").asText());
        };
    }

    /** Makes the emulator answer each call of the operation like this. */
    private static void answer(String operation, int status, JsonNode row, String body) throws Exception {
        var fault = JSON.createObjectNode().put("operation", operation).put("kind", "status").put("status", status);
        fault.put("content_type", row.path("content_type").asText("application/json")).put("body", body);
        send(request("/_emulator/faults").POST(BodyPublishers.ofString(fault.toString())));
    }

    private static String login() throws Exception {
        var body = """
                {"auth": {
                  "identity": {"methods": ["password"], "password": {"user":
                    {"name": "demo-operator", "password": "Emulator-Passw0rd", "domain": {"name": "demo-company"}}}},
                  "scope": {"project": {"id": "%s"}}}}
                """.formatted(text("project_id"));
        var answer = send(request("/v3/auth/tokens").POST(BodyPublishers.ofString(body)));
        return answer.headers().firstValue("X-Subject-Token").orElseThrow();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(text("url") + path)).header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    private static String text(String field) {
        return ready.get(field).asText();
    }

    private static JsonNode withoutNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        value.forEach(AnswersTest::withoutNulls);
        return value;
    }
}
