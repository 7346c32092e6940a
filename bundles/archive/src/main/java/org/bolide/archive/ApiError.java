package org.bolide.archive;

/** What is answered instead of a result: the status codes and descriptions are voeventdb's. Its message says what to do. */
final class ApiError extends Exception {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String description;

    private ApiError(int code, String description, String message) {
        super(message);
        this.code = code;
        this.description = description;
    }

    static ApiError query(String key, String value, String advice) {
        return new ApiError(400, "Invalid query-string", "'" + key + "=" + value + "': " + advice);
    }

    static ApiError url(String message) {
        return new ApiError(400, "Invalid URL", message);
    }

    static ApiError tooManyRows(long limit, int max) {
        return new ApiError(413, "Max 'limit' value exceeded", "limit=" + limit + " is more than the " + max
                + " rows that one request may ask for: ask for the rest with offset.");
    }

    static ApiError notSupplied() {
        return new ApiError(400, "No IVORN supplied", "Append an IVORN to the URL, with # written as %23; " + Endpoint.LIST_IVORN.path() + " lists some.");
    }

    static ApiError notFound(String ivorn) {
        return new ApiError(422, "IVORN not found", "There is no event '" + ivorn + "' here. If it ends where a # should follow, write %23 for the #. "
                + Endpoint.LIST_IVORN.path() + " lists those that there are.");
    }

    static ApiError noSuchEndpoint(String path) {
        return new ApiError(404, "Not Found", "There is nothing at '" + path + "'; " + Endpoint.ROOT.path() + " lists what there is.");
    }

    static ApiError notAllowed(String method) {
        return new ApiError(405, "Method Not Allowed", method + " is not allowed here, only GET and HEAD.");
    }

    static ApiError busy(int exports) {
        return new ApiError(503, "Service Unavailable", exports + " exports are running, and no more are allowed at once: try again in a minute.");
    }

    static ApiError unreadable() {
        return new ApiError(503, "Service Unavailable", "The event log cannot be read now: try again later. The broker's log says why.");
    }

    int code() {
        return code;
    }

    String description() {
        return description;
    }
}
