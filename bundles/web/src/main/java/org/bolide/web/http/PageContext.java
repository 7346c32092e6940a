package org.bolide.web.http;

import java.io.IOException;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.context.ServletContextHelper;

/**
 * The place of the page among whatever else the HTTP server has, and its door: no servlet that belongs to it, of any bundle, is ever
 * called without the guard.
 */
@Component(service = ServletContextHelper.class, property = {
        "osgi.http.whiteboard.context.name=org.bolide", "osgi.http.whiteboard.context.path=/"})
public final class PageContext extends ServletContextHelper {

    private final Guard guard;

    @Activate
    public PageContext(@Reference PageServer page) {
        guard = page.guard();
    }

    @Override
    public boolean handleSecurity(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return guard.admits(request, response);
    }
}
