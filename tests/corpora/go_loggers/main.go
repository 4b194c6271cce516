// The same few events as the loggers of Go write them: `go run . FORMAT` logs to standard output.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	charm "github.com/charmbracelet/log"
	kit "github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/hashicorp/go-hclog"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"k8s.io/klog/v2"
)

const (
	request = "req-7f3a9c21"
	trace   = "4bf92f3577b34da6a3ce929d0e0e4736"
	ids     = " request_id=" + request + " trace_id=" + trace
)

var declined = fmt.Errorf("card declined: %w", errors.New("no answer from bank"))

func standard(flags int) {
	logger := log.New(os.Stdout, "", flags)
	logger.Print("cache warm")
	logger.Print("order placed" + ids)
	logger.Print("stock low")
	logger.Print("charge failed: ", declined)
}

func slogs(handler slog.Handler) {
	logger := slog.New(handler)
	logger.Debug("cache warm")
	logger.Info("order placed", "request_id", request, "trace_id", trace)
	logger.Warn("stock low", "left", 3)
	logger.Error("charge failed", "error", declined)
	logger.Log(context.Background(), slog.LevelError+4, "giving up")
}

func slogDefault() {
	log.SetOutput(os.Stdout)
	slog.Info("order placed", "request_id", request, "trace_id", trace)
	slog.Warn("stock low", "left", 3)
	slog.Error("charge failed", "error", declined)
}

func zaps(config zap.Config) {
	config.OutputPaths = []string{"stdout"}
	config.Level = zap.NewAtomicLevelAt(zap.DebugLevel)
	logger, _ := config.Build()
	logger = logger.Named("shop")
	logger.Debug("cache warm")
	logger.Info("order placed", zap.String("request_id", request), zap.String("trace_id", trace))
	logger.Warn("stock low", zap.Int("left", 3))
	logger.Error("charge failed", zap.Error(declined))
	logger.DPanic("giving up")
}

func zerologs(logger zerolog.Logger) {
	logger.Debug().Msg("cache warm")
	logger.Info().Str("request_id", request).Str("trace_id", trace).Msg("order placed")
	logger.Warn().Int("left", 3).Msg("stock low")
	logger.Error().Err(declined).Msg("charge failed")
	logger.WithLevel(zerolog.FatalLevel).Msg("giving up")
}

func logruses(formatter logrus.Formatter) {
	logger := &logrus.Logger{Out: os.Stdout, Formatter: formatter, Hooks: logrus.LevelHooks{}, Level: logrus.TraceLevel}
	logger.Debug("cache warm")
	logger.WithFields(logrus.Fields{"request_id": request, "trace_id": trace}).Info("order placed")
	logger.WithField("left", 3).Warn("stock low")
	logger.WithError(declined).Error("charge failed")
	logger.Trace("giving up")
}

func klogs() {
	flags := flag.NewFlagSet("klog", flag.PanicOnError)
	klog.InitFlags(flags)
	_ = flags.Parse([]string{"-logtostderr=false", "-stderrthreshold=FATAL", "-v=4", "-one_output=true"})
	klog.SetOutput(os.Stdout)
	klog.V(4).Info("cache warm")
	klog.InfoS("order placed", "request_id", request, "trace_id", trace)
	klog.Warning("stock low")
	klog.ErrorS(declined, "charge failed")
	klog.Flush()
}

func hclogs(json bool) {
	logger := hclog.New(&hclog.LoggerOptions{Name: "shop", Level: hclog.Trace, Output: os.Stdout, JSONFormat: json})
	logger.Debug("cache warm")
	logger.Info("order placed", "request_id", request, "trace_id", trace)
	logger.Warn("stock low", "left", 3)
	logger.Error("charge failed", "error", declined)
}

func kits() {
	logger := kit.With(kit.NewLogfmtLogger(os.Stdout), "ts", kit.DefaultTimestampUTC, "caller", kit.DefaultCaller)
	_ = level.Debug(logger).Log("msg", "cache warm")
	_ = level.Info(logger).Log("msg", "order placed", "request_id", request, "trace_id", trace)
	_ = level.Warn(logger).Log("msg", "stock low", "left", 3)
	_ = level.Error(logger).Log("msg", "charge failed", "err", declined)
}

func charms() {
	logger := charm.NewWithOptions(os.Stdout, charm.Options{ReportTimestamp: true, TimeFormat: time.DateTime, Level: charm.DebugLevel})
	logger.Debug("cache warm")
	logger.Info("order placed", "request_id", request, "trace_id", trace)
	logger.Warn("stock low", "left", 3)
	logger.Error("charge failed", "err", declined)
}

func crash() {
	log.SetOutput(os.Stdout)
	log.Print("charging")
	os.Stderr = os.Stdout
	var stock map[string]int
	stock["hat"]--
}

var formats = map[string]func(){
	"log":              func() { standard(log.LstdFlags) },
	"log-micro":        func() { standard(log.LstdFlags | log.Lmicroseconds | log.Lshortfile) },
	"slog-text":        func() { slogs(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug})) },
	"slog-json":        func() { slogs(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug})) },
	"slog-default":     slogDefault,
	"zap-json":         func() { zaps(zap.NewProductionConfig()) },
	"zap-console":      func() { config := zap.NewDevelopmentConfig(); config.Development = false; zaps(config) },
	"zerolog-json":     func() { zerologs(zerolog.New(os.Stdout).With().Timestamp().Logger()) },
	"zerolog-console":  func() { zerologs(zerolog.New(zerolog.ConsoleWriter{Out: os.Stdout, NoColor: true, TimeFormat: time.RFC3339}).With().Timestamp().Logger()) },
	"zerolog-kitchen":  func() { zerologs(zerolog.New(zerolog.ConsoleWriter{Out: os.Stdout}).With().Timestamp().Logger()) },
	"logrus-text":      func() { logruses(&logrus.TextFormatter{}) },
	"logrus-json":      func() { logruses(&logrus.JSONFormatter{}) },
	"logrus-terminal":  func() { logruses(&logrus.TextFormatter{ForceColors: true}) },
	"logrus-full":      func() { logruses(&logrus.TextFormatter{ForceColors: true, FullTimestamp: true}) },
	"klog":             klogs,
	"hclog":            func() { hclogs(false) },
	"hclog-json":       func() { hclogs(true) },
	"go-kit":           kits,
	"charm":            charms,
	"crash":            crash,
}

func main() {
	if len(os.Args) < 2 {
		for name := range formats {
			fmt.Println(name)
		}
		return
	}
	formats[os.Args[1]]()
}
