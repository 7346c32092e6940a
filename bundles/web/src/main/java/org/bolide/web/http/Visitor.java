package org.bolide.web.http;

import java.util.Optional;

import javax.servlet.ServletRequest;

/**
 * Who sends a request, as the guard found out.
 *
 * @param user who logged in
 * @param isAdmin whether the user may change things
 * @param isLocal whether the request comes from this machine, and not by way of a proxy
 */
public record Visitor(Optional<String> user, boolean isAdmin, boolean isLocal) {

    private static final String ATTRIBUTE = Visitor.class.getName();

    /** The visitor of a request that has passed the guard. */
    public static Visitor of(ServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Visitor visitor) {
            return visitor;
        }
        throw new IllegalStateException("a request that has not passed the guard");
    }

    void enter(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** Clients, remote brokers, refusals and the like. */
    public boolean mayLook() {
        return isLocal || user.isPresent();
    }

    /** A filter of the page. */
    public boolean mayRegister() {
        return isLocal || isAdmin;
    }

    /** All else. */
    public boolean mayChange() {
        return isAdmin;
    }

    /** For the log. */
    public String name() {
        return user.orElse(isLocal ? "a visitor on this machine" : "a visitor");
    }
}
