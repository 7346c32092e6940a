package org.bolide.web.http;

import javax.servlet.Servlet;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What of the API nobody else answers: says so in the API's own way. */
@Component(service = Servlet.class, property = {Endpoint.NAME + "api", Endpoint.PATTERN + "/api/*", Endpoint.CONTEXT})
public final class UnknownEndpoint extends Endpoint {

    @Activate
    public UnknownEndpoint() {
        // no routes
    }
}
