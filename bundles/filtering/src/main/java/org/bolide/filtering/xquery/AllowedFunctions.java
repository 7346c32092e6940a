package org.bolide.filtering.xquery;

import java.util.List;
import java.util.Map;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.StaticContext;
import net.sf.saxon.functions.FunctionLibrary;
import net.sf.saxon.functions.SystemFunction;
import net.sf.saxon.functions.registry.BuiltInFunctionSet;
import net.sf.saxon.om.FunctionItem;
import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.om.StructuredQName;
import net.sf.saxon.trans.SymbolicName;
import net.sf.saxon.trans.XPathException;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xquery.Functions.Cost;

/** What a query finds when it calls a function or names one: those of {@link Functions}, constructors, and its own. */
record AllowedFunctions(FunctionLibrary all, FunctionLibrary extensions) implements FunctionLibrary {

    private void check(SymbolicName.F function) throws XPathException {
        StructuredQName name = function.getComponentName();
        NamespaceUri namespace = name.getNamespaceUri();
        if (namespace.equals(Functions.SKY)) {
            if (SkyFunction.find(name.getLocalPart(), function.getArity()).isEmpty()) {
                throw new XPathException(SkyFunction.whyNotFound(name.getLocalPart(), function.getArity()),
                        "XPST0017").asStaticError();
            }
            return;
        }
        boolean refused = Functions.isBuiltIn(namespace) ? Functions.cost(name) == null
                : extensions.isAvailable(function, 31) || isReserved(namespace);
        if (refused && Functions.isBuiltIn(namespace) && !all.isAvailable(function, 31)) {
            throw new XPathException("there is no function " + name.getDisplayName() + "() with " + function.getArity()
                    + (function.getArity() == 1 ? " argument" : " arguments"), "XPST0017").asStaticError();
        } else if (refused) {
            throw new XPathException(Functions.whyNot(name), "XPST0017").asStaticError();
        }
    }

    /** Namespaces that programs elsewhere give a meaning, so that who calls them is told plainly; nothing is behind them here. */
    private static boolean isReserved(NamespaceUri namespace) {
        String uri = namespace.toString();
        return !namespace.equals(NamespaceUri.SCHEMA)
                && (NamespaceUri.isReserved(namespace) || uri.startsWith("java:") || uri.startsWith("http://saxon.sf.net/")
                        || uri.startsWith("http://exslt.org/") || uri.startsWith("http://expath.org/"));
    }

    @Override
    public Expression bind(SymbolicName.F function, Expression[] arguments, Map<StructuredQName, Integer> keywords,
            StaticContext context, List<String> reasons) throws XPathException {
        check(function);
        return all.bind(function, arguments, keywords, context, reasons);
    }

    @Override
    public FunctionItem getFunctionItem(SymbolicName.F function, StaticContext context) throws XPathException {
        check(function);
        FunctionItem item = all.getFunctionItem(function, context);
        Cost cost = Functions.cost(function.getComponentName());
        if (item instanceof SystemFunction system && (system.getDetails().properties & BuiltInFunctionSet.FOCUS) != 0) {
            throw new XPathException(function + " depends on where it is called; write function($x) { … } instead",
                    "XPST0017").asStaticError();
        }
        if (item == null || cost != null) {
            return item == null ? null : new MeteredFunction(item, cost);
        }
        NamespaceUri namespace = function.getComponentName().getNamespaceUri();
        // What is left is the query's own.
        return namespace.equals(NamespaceUri.SCHEMA) || namespace.equals(Functions.SKY)
                ? new MeteredFunction(item, new Cost(Weight.CAST, Functions.Extra.NONE)) : item;
    }

    @Override
    public boolean isAvailable(SymbolicName.F function, int languageLevel) {
        return all.isAvailable(function, languageLevel);
    }

    @Override
    public FunctionLibrary copy() {
        return this;
    }
}
