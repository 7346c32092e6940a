package org.bolide.filtering.xquery;

import net.sf.saxon.Configuration;
import net.sf.saxon.Controller;
import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.expr.instruct.Executable;
import org.bolide.api.BrokerEvent;

/** One run of a query over one event: what Saxon keeps for it, the event, and the meter. */
final class Evaluation extends Controller {

    final BrokerEvent event;
    final Meter meter;

    Evaluation(Configuration saxon, Executable executable, BrokerEvent event, Meter meter) {
        super(saxon, executable);
        this.event = event;
        this.meter = meter;
    }

    static Evaluation of(XPathContext context) {
        return (Evaluation) context.getController();
    }
}
