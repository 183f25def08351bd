package polyglot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the calls that it reads from standard input, and prints what each client gave.
 *
 * <p>The first line is what the emulator printed when it was ready; each further line is one call, answered with one
 * line.
 */
public final class Driver {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode ready;

    private Driver(JsonNode ready) {
        this.ready = ready;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new Driver(JSON.readTree(input.readLine())).drive(input);
    }

    private void drive(BufferedReader input) throws IOException, InterruptedException {
        var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var emulator = new Emulator(text("url"));
        var tokens = Map.of(
                "ready", text("token"),
                "issued", emulator.obtainToken(text("project_id")),
                "wrong", "not-a-token");
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var call = JSON.readTree(line);
            emulator.script(call.get("fault"));
            var outcome = outcome(call.get("operation").asText(), tokens.get(call.get("token").asText()));
            output.println(JSON.writeValueAsString(outcome));
        }
    }

    private Map<String, Object> outcome(String operation, String token) {
        try {
            return Map.of("answer", answer(operation, token));
        } catch (ServiceFailure failure) {
            var told = new LinkedHashMap<String, Object>();
            told.put("status", failure.status());
            told.put("code", failure.code());
            return Map.of("failure", told);
        } catch (RuntimeException error) {
            return Map.of("crash", error.toString());
        }
    }

    private Map<String, Object> answer(String operation, String token) throws ServiceFailure {
        var url = text("url");
        var projectId = text("project_id");
        return switch (operation) {
            case "listSecurityMemberSyncTasks" ->
                Tasks.fields(new Tasks(url, token).list(projectId, text("workspace")));
            case "listSyncRecords" -> Records.fields(new Records(url, token).list(projectId, cluster("dws")));
            case "listClusterSyncTaskStatus" -> Syncing.fields(new Syncing(url, token).read(projectId, cluster("mrs")));
            default -> throw new IllegalArgumentException("no such operation: " + operation);
        };
    }

    private String text(String field) {
        return ready.get(field).asText();
    }

    private String cluster(String service) {
        return ready.get("clusters").get(service).get(0).asText();
    }
}
