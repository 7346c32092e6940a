package org.bolide.web.http;

import javax.servlet.Servlet;

import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.context.ServletContextHelper;

/**
 * Has the HTTP server begin when all that comes and goes with the page is there: Pax Web stumbles over what is registered while it
 * starts or ends.
 */
@Component(service = {}, immediate = true)
public final class PageOpener {

    @Activate
    public PageOpener(
            @Reference PageServer page,
            @Reference(target = "(osgi.http.whiteboard.context.name=org.bolide)") ServiceReference<ServletContextHelper> context,
            @Reference(target = "(osgi.http.whiteboard.servlet.name=page)") ServiceReference<Servlet> files,
            @Reference(target = "(osgi.http.whiteboard.servlet.name=session)") ServiceReference<Servlet> session,
            @Reference(target = "(osgi.http.whiteboard.servlet.name=filters)") ServiceReference<Servlet> filters,
            @Reference(target = "(osgi.http.whiteboard.servlet.name=watch)") ServiceReference<Servlet> watch) {
        page.show();
    }
}
