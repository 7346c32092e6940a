package org.bolide.filtering.xquery;

import net.sf.saxon.expr.instruct.GlobalParam;
import net.sf.saxon.expr.instruct.GlobalVariable;
import net.sf.saxon.functions.FunctionLibrary;
import net.sf.saxon.query.QueryModule;
import net.sf.saxon.query.StaticQueryContext;
import net.sf.saxon.s9api.Location;
import net.sf.saxon.trans.XPathException;

/** What a query sees while it is compiled. */
final class FilterModule extends QueryModule {

    FilterModule(StaticQueryContext context) throws XPathException {
        super(context);
    }

    @Override
    public FunctionLibrary getFunctionLibrary() {
        return new AllowedFunctions(super.getFunctionLibrary(), getConfiguration().getBuiltInExtensionLibraryList(31));
    }

    @Override
    public void declareVariable(GlobalVariable variable) throws XPathException {
        if (variable instanceof GlobalParam) {
            throw new XPathException("$" + variable.getVariableQName().getDisplayName()
                    + " cannot be external: nothing is handed to a filter but the event", "XPST0003", variable).asStaticError();
        }
        super.declareVariable(variable);
    }

    @Override
    public void issueWarning(String message, String code, Location location) {
        // Nobody is there to read it: who wrote the filter is told of errors only.
    }
}
