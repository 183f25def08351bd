package interop;

/** An answer that is not a success. */
final class ServiceError extends Exception {
    private static final long serialVersionUID = 1L;

    final int status;

    /** Null if the body is not an error of the service, such as a page of a proxy. */
    final String code;

    ServiceError(int status, String code, Throwable cause) {
        super("status " + status + ", error code " + code, cause);
        this.status = status;
        this.code = code;
    }
}
