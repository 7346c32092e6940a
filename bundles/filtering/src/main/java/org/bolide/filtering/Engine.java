package org.bolide.filtering;

import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.xml.transform.Source;

import net.sf.saxon.Configuration;
import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.StaticContext;
import net.sf.saxon.functions.FunctionLibrary;
import net.sf.saxon.functions.FunctionLibraryList;
import net.sf.saxon.lib.EnvironmentVariableResolver;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.lib.ResourceRequest;
import net.sf.saxon.om.FunctionItem;
import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.om.StructuredQName;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.sxpath.IndependentContext;
import net.sf.saxon.sxpath.XPathExpression;
import net.sf.saxon.trans.SymbolicName;
import net.sf.saxon.trans.XPathException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saxon, shut in. It can read files, the network and the environment; here it can do none of that, three times over: the
 * grammar lets only XPath 1.0 through, the library below binds only its 27 functions, and every resolver refuses.
 */
final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Processor processor = new Processor(false);

    Engine() {
        Configuration saxon = processor.getUnderlyingConfiguration();
        saxon.setResourceResolver(Engine::refuse);
        saxon.setUnparsedTextURIResolver((uri, encoding, configuration) -> {
            throw new XPathException("a filter reads nothing but the event");
        });
        saxon.setCollectionFinder((context, uri) -> {
            throw new XPathException("a filter reads nothing but the event");
        });
        saxon.setConfigurationProperty(Feature.ENVIRONMENT_VARIABLE_RESOLVER, new NoEnvironment());
        saxon.setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        // Not "", which means that all are allowed.
        saxon.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "none");
    }

    private static Source refuse(ResourceRequest request) throws XPathException {
        throw new XPathException("a filter reads nothing but the event");
    }

    /** Compiles what {@link XPathGrammar} has let through. */
    XPathExpression compile(String xpath, Map<String, String> namespaces) throws SaxonApiException {
        XPathCompiler compiler = processor.newXPathCompiler();
        compiler.setBackwardsCompatible(true);
        compiler.setWarningHandler(warning -> LOG.debug("{}: {}", xpath, warning.getMessage()));
        IndependentContext context = (IndependentContext) compiler.getUnderlyingStaticContext();
        context.clearNamespaces();
        namespaces.forEach(compiler::declareNamespace);
        FunctionLibraryList functions = new FunctionLibraryList();
        functions.addFunctionLibrary(new CoreFunctions(context.getFunctionLibrary()));
        context.setFunctionLibrary(functions);
        return compiler.compile(xpath).getUnderlyingExpression();
    }

    /** Receives one document and makes its tree. */
    BuildingContentHandler newTree() throws SaxonApiException {
        return processor.newDocumentBuilder().newBuildingContentHandler();
    }

    private static final class NoEnvironment implements EnvironmentVariableResolver {

        @Override
        public Set<String> getAvailableEnvironmentVariables() {
            return Set.of();
        }

        @Override
        public String getEnvironmentVariable(String name) {
            return null;
        }
    }

    /** The functions of XPath 1.0 and no other. */
    private record CoreFunctions(FunctionLibrary all) implements FunctionLibrary {

        private static boolean isCore(SymbolicName.F function) {
            StructuredQName name = function.getComponentName();
            return name.hasURI(NamespaceUri.FN) && XPathFunction.named(name.getLocalPart()).isPresent();
        }

        @Override
        public boolean isAvailable(SymbolicName.F function, int languageLevel) {
            return isCore(function) && all.isAvailable(function, languageLevel);
        }

        @Override
        public Expression bind(SymbolicName.F function, Expression[] arguments, Map<StructuredQName, Integer> keywords,
                StaticContext context, List<String> reasons) throws XPathException {
            if (!isCore(function)) {
                // Otherwise it would be an error only when the filter runs, such is compatibility with XPath 1.0.
                throw new XPathException(function.getShortName() + " is not a function of XPath 1.0", "XPST0017");
            }
            return all.bind(function, arguments, keywords, context, reasons);
        }

        @Override
        public FunctionItem getFunctionItem(SymbolicName.F function, StaticContext context) throws XPathException {
            return isCore(function) ? all.getFunctionItem(function, context) : null;
        }

        @Override
        public FunctionLibrary copy() {
            return this;
        }
    }
}
