package polyglot;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What the calls of one client have in common: the token that they send, and how their failures are read. */
final class Session {
    private final String token;
    private final ThreadLocal<Integer> status = new ThreadLocal<>();

    Session(String token) {
        this.token = token;
    }

    /** Puts the token into a header of its own, as it is. */
    void prepare(HttpRequest.Builder request) {
        status.remove();
        request.header("X-Auth-Token", token);
    }

    /** Notes the status: the exception for a success with an unreadable body does not tell it. */
    void note(HttpResponse<InputStream> response) {
        status.set(response.statusCode());
    }

    /** What to throw where there is no typed answer. Without a status, no answer came at all. */
    ServiceFailure failure(String body, CodeReader reader, Exception cause) {
        return new ServiceFailure(status.get() == null ? 0 : status.get(), codeIn(body, reader), cause);
    }

    private static String codeIn(String body, CodeReader reader) {
        try {
            return body == null ? null : reader.codeIn(body);
        } catch (JsonProcessingException notFromTheService) {
            return null;
        }
    }

    /** Reads the error code with the type that was generated for the service's errors. */
    interface CodeReader {
        String codeIn(String body) throws JsonProcessingException;
    }
}
