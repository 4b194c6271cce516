import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import net.logstash.logback.encoder.LogstashEncoder;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.slf4j.MDC;

/** The same few events as the loggers of Java write them: the format is the argument, they log to standard output. */
public final class Loggers {
    private static final String REQUEST = "req-7f3a9c21";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String IDS = " request_id=" + REQUEST + " trace_id=" + TRACE;

    static final class PaymentException extends RuntimeException {
        PaymentException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static PaymentException failure() {
        return new PaymentException("card declined", new IllegalStateException("no answer from bank"));
    }

    private static void logback(Encoder<ILoggingEvent> encoder) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger("ROOT");
        root.setLevel(ch.qos.logback.classic.Level.DEBUG);
        root.addAppender(appender);
        ch.qos.logback.classic.Logger logger = context.getLogger("shop.Pay");
        logger.debug("cache warm");
        context.getMDCAdapter().put("traceId", TRACE);
        logger.info("order placed" + (encoder instanceof PatternLayoutEncoder ? IDS : ""));
        context.getMDCAdapter().clear();
        logger.warn("stock low");
        logger.error("charge failed", failure());
    }

    private static PatternLayoutEncoder pattern(String text) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(text);
        return encoder;
    }

    private static void log4j(String plugin, Map<String, String> attributes) {
        var builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        var layout = builder.newLayout(plugin);
        attributes.forEach(layout::addAttribute);
        builder.add(builder.newAppender("out", "Console").add(layout));
        builder.add(builder.newRootLogger(org.apache.logging.log4j.Level.ALL).add(builder.newAppenderRef("out")));
        Configurator.initialize(builder.build());
        var logger = org.apache.logging.log4j.LogManager.getLogger("shop.Pay");
        logger.debug("cache warm");
        ThreadContext.put("traceId", TRACE);
        logger.info("order placed" + (plugin.equals("PatternLayout") ? IDS : ""));
        ThreadContext.clearMap();
        logger.warn("stock low");
        logger.error("charge failed", failure());
        logger.fatal("giving up");
    }

    private static void jul(Formatter formatter) {
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger("shop.Pay");
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        System.setErr(System.out);
        ConsoleHandler handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(formatter);
        logger.addHandler(handler);
        logger.fine("cache warm");
        logger.info("order placed" + IDS);
        logger.warning("stock low");
        logger.log(Level.SEVERE, "charge failed", failure());
    }

    private static void reload4j(org.apache.log4j.Layout layout) {
        org.apache.log4j.Logger logger = org.apache.log4j.Logger.getLogger("shop.Pay");
        logger.addAppender(new org.apache.log4j.ConsoleAppender(layout, "System.out"));
        logger.debug("cache warm");
        logger.info("order placed" + IDS);
        logger.warn("stock low");
        logger.error("charge failed", failure());
        logger.fatal("giving up");
    }

    private static Map<String, Runnable> formats() {
        Map<String, Runnable> all = new TreeMap<>();
        all.put("logback", () -> logback(pattern("%d{HH:mm:ss.SSS} [%thread] %-5level %logger{36} -- %msg%n")));
        all.put("logback-date", () -> logback(pattern("%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [%thread] %logger{36} : %msg%n")));
        all.put("logback-spring", () -> logback(pattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}  %-5p 4242 --- [%15.15t] %-40.40logger{39} : %m%n")));
        all.put("logback-day", () -> logback(pattern("%d{dd-MM-yyyy HH:mm:ss.SSS} [%thread] %-5level %logger.%M - %msg%n")));
        all.put("logback-json", () -> logback(new JsonEncoder()));
        all.put("logstash", () -> logback(new LogstashEncoder()));
        all.put("log4j2", () -> log4j("PatternLayout", Map.of("pattern", "%d [%t] %p %c - %m%n%throwable")));
        all.put("log4j2-short", () -> log4j("PatternLayout", Map.of("pattern", "%d{HH:mm:ss.SSS} [%t] %-5level %logger{36} - %msg%n")));
        all.put("log4j2-kafka", () -> log4j("PatternLayout", Map.of("pattern", "[%d] %p %m (%c)%n")));
        all.put("log4j2-json", () -> log4j("JsonLayout", Map.of("compact", "true", "eventEol", "true", "properties", "true")));
        all.put("log4j2-ecs", () -> log4j("JsonTemplateLayout", Map.of("eventTemplateUri", "classpath:EcsLayout.json")));
        all.put("log4j2-xml", () -> log4j("XmlLayout", Map.of("properties", "true")));
        all.put("log4j1", () -> reload4j(new org.apache.log4j.PatternLayout("%d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n")));
        all.put("log4j1-ttcc", () -> reload4j(new org.apache.log4j.PatternLayout("%r [%t] %p %c %x - %m%n")));
        all.put("log4j1-xml", () -> reload4j(new org.apache.log4j.xml.XMLLayout()));
        all.put("jul", () -> jul(new java.util.logging.SimpleFormatter()));
        all.put("jul-xml", () -> jul(new java.util.logging.XMLFormatter()));
        all.put("uncaught", () -> { System.setErr(System.out); throw failure(); });
        return all;
    }

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            System.out.println(String.join("\n", formats().keySet()));
            return;
        }
        formats().get(arguments[0]).run();
    }
}
