package org.bolide.filtering.xquery;

import net.sf.saxon.expr.AxisExpression;
import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.elab.Elaborator;
import net.sf.saxon.expr.elab.PullElaborator;
import net.sf.saxon.expr.elab.PullEvaluator;
import net.sf.saxon.expr.parser.RebindingMap;
import net.sf.saxon.om.AxisInfo;
import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.om.SequenceIterator;
import net.sf.saxon.pattern.AnyNodeTest;
import net.sf.saxon.pattern.NodeTest;
import net.sf.saxon.tree.iter.AxisIterator;

/** A step of a path, which pays for each node that is looked at, not only for those that are found. */
final class MeteredStep extends Metered {

    MeteredStep(AxisExpression step) {
        super(step, Weight.ITEM);
    }

    @Override
    public Expression copy(RebindingMap rebindings) {
        return new MeteredStep((AxisExpression) getBaseExpression().copy(rebindings));
    }

    @Override
    public Elaborator getElaborator() {
        return new StepElaborator();
    }

    private static final class StepElaborator extends PullElaborator {

        @Override
        public PullEvaluator elaborateForPull() {
            AxisExpression step = (AxisExpression) ((Metered) getExpression()).getBaseExpression();
            int axis = step.getAxis();
            NodeTest test = step.getNodeTest() == null ? AnyNodeTest.getInstance() : step.getNodeTest();
            PullEvaluator failing = step.makeElaborator().elaborateForPull();
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.charge(1);
                if (!(context.getContextItem() instanceof NodeInfo node)) {
                    return failing.iterate(context);
                }
                if (axis == AxisInfo.DESCENDANT || axis == AxisInfo.DESCENDANT_OR_SELF) {
                    // Saxon goes faster through a tree than one who asks for each node; to know how many there are costs nothing.
                    meter.charge(Weight.nodes(node));
                    return node.iterateAxis(axis, test);
                }
                return new Nodes(node.iterateAxis(axis), test, meter);
            };
        }
    }

    private record Nodes(AxisIterator all, NodeTest test, Meter meter) implements SequenceIterator {

        @Override
        public NodeInfo next() {
            NodeInfo node = all.next();
            while (node != null) {
                meter.charge(1);
                if (test.test(node)) {
                    return node;
                }
                node = all.next();
            }
            return null;
        }

        @Override
        public void close() {
            all.close();
        }
    }
}
