package org.bolide.archive;

import org.bolide.api.EventSummary;
import org.bolide.api.EventSummary.Order;

/**
 * Which part of a list is wanted.
 *
 * @param limit how many rows
 * @param offset how many rows to leave out before them
 */
record Paging(int limit, long offset, Order order, boolean descending) {

    static Paging of(QueryString query, int defaultRows, int maxRows) throws ApiError {
        long limit = number(query, "limit", defaultRows);
        if (limit > maxRows) {
            throw ApiError.tooManyRows(limit, maxRows);
        }
        String order = query.first("order").isEmpty() ? "id" : query.first("order");
        boolean descending = order.startsWith("-");
        return new Paging((int) limit, number(query, "offset", 0), order(descending ? order.substring(1) : order, order), descending);
    }

    private static Order order(String column, String value) throws ApiError {
        return switch (column) {
            case "id" -> EventSummary.Order.SEQUENCE;
            case "author_datetime" -> EventSummary.Order.AUTHORED;
            case "ivorn" -> EventSummary.Order.IDENTIFIER;
            default -> throw ApiError.query("order", value, "not a valid ordering, try one of author_datetime, id, ivorn, or these with a - before them.");
        };
    }

    /** A whole number, 0 or more. */
    static long number(QueryString query, String key, long otherwise) throws ApiError {
        String value = query.first(key);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw noNumber(key, value);
        }
        throw noNumber(key, value);
    }

    private static ApiError noNumber(String key, String value) {
        return ApiError.query(key, value, "please supply an integer, 0 or more.");
    }
}
