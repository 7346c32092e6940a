package org.bolide.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.bolide.benchmarks.load.Product;
import org.bolide.testkit.VtpPeer;

/** Makes the manual's pictures of the page: {@code Pictures FOLDER} writes them there, each from the product that the build has made. */
public final class Pictures {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int PHONE_WIDTH = 360;
    private static final int PHONE_HEIGHT = 740;
    private static final long MOST_BYTES = 150_000;
    /** The last burst's two alerts, and what came between: they arrive while the page is open. */
    private static final int LATE = 3;
    private static final String WRONG = "//Param[@name=\"Data_Signif\" and @value > 5";
    private static final String RIGHT = "@role=\"observation\" and sky:error-radius() > 0 and sky:error-radius() < 0.1";

    private final Path folder;
    private final Path work;
    private final Product product;
    private final Browser browser;
    private final String page;

    private Pictures(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        work = Files.createTempDirectory("bolide-pictures");
        int port = Product.freePort();
        page = "http://127.0.0.1:" + port + "/#/";
        product = Product.start(Product.builtArchive().orElseThrow(() -> new IOException("build the archive: mvn -pl karaf-distribution/assembly -am package")),
                "bolide", "--web", "--web-port=" + port, "--save-event", "--save-event-directory=" + work.resolve("saved"));
        product.await(port);
        browser = Browser.start(work);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: Pictures FOLDER");
            System.exit(64);
        }
        Pictures pictures = new Pictures(Path.of(arguments[0]));
        try {
            pictures.make();
        } finally {
            pictures.end();
        }
    }

    private void make() throws IOException {
        try (VtpPeer subscriber = VtpPeer.subscribe(product.broadcastPort())) {
            List<byte[]> night = Night.events();
            for (byte[] event : night.subList(0, night.size() - LATE)) {
                submit(event);
                subscriber.takeEvent();
            }
            browser.size(WIDTH, HEIGHT);
            filter("well-placed");
            browser.type("#filter-text", WRONG);
            browser.see(".editor mark");
            picture("page-filter-error");
            browser.type("#filter-text", RIGHT);
            browser.click("#try");
            browser.see("#trial-text");
            browser.type("#filter-name", "well-placed");
            browser.click("#save");
            live();
            for (byte[] event : night.subList(night.size() - LATE, night.size())) {
                submit(event);
                subscriber.takeEvent();
            }
            browser.see("#events tr", "XRT_Pos");
            picture("page-filter");
            browser.open(page);
            live();
            picture("page-sky");
            browser.click("#events a", "GBM_Fin_Pos");
            browser.see("#raw pre");
            browser.see("#deliveries");
            picture("page-event");
            browser.open(page + "broker");
            browser.see("main", "ivo://benchmark.example/broker");
            picture("page-broker");
            browser.open(page);
            live();
            browser.press("n");
            picture("page-night");
            browser.size(PHONE_WIDTH, PHONE_HEIGHT);
            picture("page-phone-night");
            browser.press("n");
            picture("page-phone");
        }
    }

    private void filter(String name) {
        browser.open(page + "filters");
        browser.see("#filter-list");
        browser.type("#filter-name", name);
    }

    /** The list and its map, with Sun and Moon. */
    private void live() {
        browser.see("#live[data-state=live]");
        browser.see("#events tr");
        Browser.until("the map is drawn", () -> browser.holds("performance.getEntriesByType('resource').some(each => each.name.includes('/sky'))"), drawn -> drawn);
    }

    private void submit(byte[] event) throws IOException {
        try (VtpPeer author = VtpPeer.connect(product.receivePort())) {
            String answer = author.send(event).readText();
            if (!answer.contains("role=\"ack\"")) {
                throw new IOException(answer);
            }
        }
    }

    private void picture(String name) throws IOException {
        Path file = folder.resolve(name + ".png");
        Path full = work.resolve(name + ".png");
        browser.picture(full);
        ImageIO.write(Palette.of(ImageIO.read(full.toFile())), "png", file.toFile());
        long bytes = Files.size(file);
        System.out.printf("%,9d %s%n", bytes, file);
        if (bytes > MOST_BYTES) {
            throw new IOException(file + " is too large for a manual: " + bytes + " bytes");
        }
    }

    private void end() throws IOException, InterruptedException {
        browser.close();
        product.stop();
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
