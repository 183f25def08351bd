package polyglot;

/** Any answer that is not the one asked for. */
final class ServiceFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /** The code is null if the answer was no error of the service, such as a page of a proxy. */
    ServiceFailure(int status, String code, Throwable cause) {
        super("status " + status + ", error code " + code, cause);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
