/* Viewers for the fan-out bench: many WebSocket clients of one room in one cheap epoll loop (Linux).
 *
 * Each does the handshake, subscribes, reads every packet, answers pings, and measures the delay
 * from the packet's capture time (stamped when the publisher sends it, same machine, same clock) to
 * the moment when its last byte was read. One JSON object a line on stdout:
 *
 *   {"event": "connected", ...}   all have subscribed or failed; warming up begins
 *   {"event": "measuring"}        counters start at zero
 *   {"event": "measured", ...}    the result; then all stay open until stdin is closed, so that
 *                                 whoever reads the relay's CPU time does not count their leaving
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"
#include "server_frames.h"

#define READ_BYTES (256 * 1024)
#define EVENTS_MAX 256
#define STREAMS_MAX 16 /* (kind, layer) pairs: 4 x 4 */
#define ERROR_CHARACTERS_MAX 200
#define MEDIA_HEADER_BYTES 24

enum viewer_state { CONNECTING, UPGRADING, SUBSCRIBING, WATCHING, CLOSED };

struct viewer {
    int fd;
    enum viewer_state state;
    uint16_t response_bytes;
    uint8_t response_end; /* how many characters of "\r\n\r\n" were seen in a row */
    char response[16];    /* its beginning: "HTTP/1.1 101" */
    uint64_t packets;     /* while measuring */
    uint32_t sequence_last[STREAMS_MAX];
    bool sequence_known[STREAMS_MAX];
    struct frame_reader reader;
};

static struct {
    const char *host;
    int port;
    const char *path;
    const char *subscribe;
    int viewers;
    int batch;
    double warmup_s;
    double seconds;
    double connect_timeout_s;
} options = {.host = "127.0.0.1",
             .path = "/v1/subscribe",
             .subscribe = "{}",
             .viewers = 1,
             .batch = 50,
             .warmup_s = 2,
             .seconds = 10,
             .connect_timeout_s = 60};

static struct {
    uint64_t video, audio, bytes, lost, out_of_order, lagged, pings, closed;
    uint64_t loop_us_max;
} count;

static struct histogram video_delay, audio_delay;
static struct viewer *viewers;
static int epoll_fd;
static int started, in_flight, watching, failed;
static bool measuring;
static char first_error[ERROR_CHARACTERS_MAX + 1];
static uint8_t read_buffer[READ_BYTES];

static double mono_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int64_t unix_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double own_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void die(const char *what)
{
    fprintf(stderr, "viewers: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Keep the first error only, made harmless for a JSON string. */
static void note_error(const char *format, ...)
{
    if (first_error[0]) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_error, sizeof first_error, format, arguments);
    va_end(arguments);
    for (char *at = first_error; *at; at++) {
        if (*at == '"') {
            *at = '\'';
        } else if (*at == '\\' || (unsigned char)*at < 0x20 || (unsigned char)*at > 0x7E) {
            *at = ' ';
        }
    }
}

static void drop_viewer(struct viewer *viewer)
{
    if (viewer->state == WATCHING) {
        watching--;
        count.closed++;
    } else if (viewer->state != CLOSED) {
        in_flight--;
        failed++;
    }
    viewer->state = CLOSED;
    close(viewer->fd);
    viewer->fd = -1;
}

/* Requests, subscriptions and pongs are small and the socket's buffer is empty: all or nothing. */
static bool send_all(struct viewer *viewer, const void *data, size_t size)
{
    ssize_t sent = send(viewer->fd, data, size, MSG_NOSIGNAL);
    if (sent == (ssize_t)size) {
        return true;
    }
    note_error("cannot send %zu bytes: %s", size, sent < 0 ? strerror(errno) : "buffer full");
    drop_viewer(viewer);
    return false;
}

static bool send_masked(struct viewer *viewer, uint8_t opcode, const uint8_t *payload, size_t size)
{
    static const uint8_t mask[4] = {0x4C, 0x69, 0x76, 0x65};
    uint8_t frame[8 + KEPT_BYTES_MAX];
    size_t at = 0;
    if (size > KEPT_BYTES_MAX) {
        note_error("a client frame of %zu bytes is too large", size);
        drop_viewer(viewer);
        return false;
    }
    frame[at++] = 0x80 | opcode;
    if (size < 126) {
        frame[at++] = 0x80 | (uint8_t)size;
    } else {
        frame[at++] = 0x80 | 126;
        frame[at++] = (uint8_t)(size >> 8);
        frame[at++] = (uint8_t)size;
    }
    memcpy(frame + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < size; i++) {
        frame[at++] = payload[i] ^ mask[i & 3];
    }
    return send_all(viewer, frame, at);
}

static void send_request(struct viewer *viewer)
{
    char request[1024];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: bGl2ZWhvdXNlLWJlbmNoMA==\r\n"
                        "Sec-WebSocket-Protocol: livehouse.v1\r\n\r\n",
                        options.path, options.host, options.port);
    viewer->state = UPGRADING;
    send_all(viewer, request, (size_t)size);
}

static void start_viewer(struct viewer *viewer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    if (inet_pton(AF_INET, options.host, &address.sin_addr) != 1) {
        fprintf(stderr, "viewers: %s is not an IPv4 address\n", options.host);
        exit(2);
    }
    viewer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (viewer->fd < 0) {
        die("socket");
    }
    viewer->state = CONNECTING;
    in_flight++;
    if (connect(viewer->fd, (struct sockaddr *)&address, sizeof address) < 0 &&
        errno != EINPROGRESS) {
        note_error("connect: %s", strerror(errno));
        drop_viewer(viewer);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = viewer};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, viewer->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void finish_connect(struct viewer *viewer)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(viewer->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        note_error("connect: %s", strerror(error));
        drop_viewer(viewer);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = viewer};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_MOD, viewer->fd, &event) < 0) {
        die("epoll_ctl");
    }
    send_request(viewer);
}

/* The answer's headers are not looked at beyond the status: the relay's own tests do that. */
static void take_response(struct viewer *viewer, const uint8_t **data, size_t *size)
{
    static const char end[] = "\r\n\r\n";
    while (*size > 0 && viewer->response_end < 4) {
        char character = (char)**data;
        if (viewer->response_bytes < sizeof viewer->response - 1) {
            viewer->response[viewer->response_bytes++] = character;
        }
        if (character == end[viewer->response_end]) {
            viewer->response_end++;
        } else {
            viewer->response_end = character == '\r';
        }
        (*data)++;
        (*size)--;
    }
    if (viewer->response_end < 4) {
        return;
    }
    if (strncmp(viewer->response, "HTTP/1.1 101", 12) != 0) {
        note_error("handshake refused: %s", viewer->response);
        drop_viewer(viewer);
        return;
    }
    viewer->state = SUBSCRIBING;
    send_masked(viewer, OPCODE_TEXT, (const uint8_t *)options.subscribe, strlen(options.subscribe));
}

static void count_packet(struct viewer *viewer, int64_t read_at_unix_us)
{
    const uint8_t *head = viewer->reader.kept;
    if (viewer->reader.payload_bytes < MEDIA_HEADER_BYTES || head[0] != 1 || head[1] > 3 ||
        head[2] > 3) {
        note_error("not a media packet (%llu bytes)",
                   (unsigned long long)viewer->reader.payload_bytes);
        drop_viewer(viewer);
        return;
    }
    int stream = head[1] * 4 + head[2];
    uint32_t sequence = (uint32_t)head[4] << 24 | (uint32_t)head[5] << 16 |
                        (uint32_t)head[6] << 8 | head[7];
    int32_t distance = (int32_t)(sequence - viewer->sequence_last[stream]);
    bool known = viewer->sequence_known[stream];
    viewer->sequence_last[stream] = sequence;
    viewer->sequence_known[stream] = true;
    if (!measuring) {
        return;
    }
    if (known && distance > 1) {
        count.lost += (uint64_t)distance - 1;
    } else if (known && distance < 1) {
        count.out_of_order++;
    }
    uint64_t captured_at = 0;
    for (int i = 16; i < 24; i++) {
        captured_at = captured_at << 8 | head[i];
    }
    viewer->packets++;
    count.bytes += viewer->reader.payload_bytes;
    int64_t delay_us = read_at_unix_us - (int64_t)captured_at;
    if (head[1] == 1) {
        count.video++;
        histogram_add(&video_delay, delay_us);
    } else {
        count.audio++;
        histogram_add(&audio_delay, delay_us);
    }
}

static void take_text(struct viewer *viewer)
{
    viewer->reader.kept[viewer->reader.kept_bytes] = 0;
    const char *text = (const char *)viewer->reader.kept;
    if (strstr(text, "\"type\":\"Subscribed\"")) {
        if (viewer->state == SUBSCRIBING) {
            viewer->state = WATCHING;
            in_flight--;
            watching++;
        }
    } else if (strstr(text, "\"type\":\"SubscriberLagged\"")) {
        count.lagged++;
    } else if (strstr(text, "\"type\":\"Error\"")) {
        note_error("%s", text);
    }
}

static void take_frame(struct viewer *viewer, int64_t read_at_unix_us)
{
    struct frame_reader *reader = &viewer->reader;
    switch (reader->opcode) {
    case OPCODE_BINARY:
        count_packet(viewer, read_at_unix_us);
        break;
    case OPCODE_TEXT:
        take_text(viewer);
        break;
    case OPCODE_PING:
        count.pings++;
        send_masked(viewer, OPCODE_PONG, reader->kept, reader->kept_bytes);
        break;
    case OPCODE_CLOSE:
        reader->kept[reader->kept_bytes] = 0;
        note_error("closed by the relay: %d %s",
                   reader->kept_bytes < 2 ? 1005 : reader->kept[0] << 8 | reader->kept[1],
                   reader->kept_bytes < 2 ? "" : (const char *)reader->kept + 2);
        send_masked(viewer, OPCODE_CLOSE, reader->kept, reader->kept_bytes < 2 ? 0 : 2);
        if (viewer->state != CLOSED) {
            drop_viewer(viewer);
        }
        break;
    case OPCODE_PONG:
        break;
    default:
        note_error("unknown opcode %d", reader->opcode);
        drop_viewer(viewer);
    }
}

static void read_viewer(struct viewer *viewer)
{
    ssize_t got = recv(viewer->fd, read_buffer, sizeof read_buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (got <= 0) {
        note_error("connection lost: %s", got < 0 ? strerror(errno) : "end of stream");
        drop_viewer(viewer);
        return;
    }
    int64_t read_at_unix_us = unix_us();
    const uint8_t *data = read_buffer;
    size_t size = (size_t)got;
    if (viewer->state == UPGRADING) {
        take_response(viewer, &data, &size);
    }
    while (viewer->state >= SUBSCRIBING && viewer->state != CLOSED) {
        enum frame_result result = frame_take(&viewer->reader, &data, &size);
        if (result == FRAME_MORE) {
            break;
        }
        if (result == FRAME_BAD) {
            note_error("malformed frame %02x %02x", viewer->reader.head[0], viewer->reader.head[1]);
            drop_viewer(viewer);
            break;
        }
        take_frame(viewer, read_at_unix_us);
    }
}

/* One turn of the loop: wait for sockets until `until_mono_s` at the latest, read what is there. */
static void turn(double until_mono_s)
{
    static struct epoll_event events[EVENTS_MAX];
    double wait_ms = (until_mono_s - mono_s()) * 1000;
    int ready = epoll_wait(epoll_fd, events, EVENTS_MAX, wait_ms > 0 ? (int)wait_ms + 1 : 0);
    if (ready < 0 && errno != EINTR) {
        die("epoll_wait");
    }
    double began = mono_s();
    for (int i = 0; i < ready; i++) {
        struct viewer *viewer = events[i].data.ptr;
        if (viewer->state == CONNECTING) {
            finish_connect(viewer);
        } else if (viewer->state != CLOSED) {
            read_viewer(viewer);
        }
    }
    uint64_t loop_us = (uint64_t)((mono_s() - began) * 1e6);
    if (loop_us > count.loop_us_max) {
        count.loop_us_max = loop_us;
    }
}

static void connect_all(void)
{
    double began = mono_s();
    double deadline = began + options.connect_timeout_s;
    while (watching + failed < options.viewers && mono_s() < deadline) {
        while (started < options.viewers && in_flight < options.batch) {
            start_viewer(&viewers[started++]);
        }
        turn(mono_s() + 0.05);
    }
    if (watching + failed < options.viewers) {
        note_error("%d viewers were not subscribed within %.0f s",
                   options.viewers - watching - failed, options.connect_timeout_s);
    }
    printf("{\"event\": \"connected\", \"connected\": %d, \"seconds\": %.3f, \"error\": \"%s\"}\n",
           watching, mono_s() - began, first_error);
    fflush(stdout);
}

static uint64_t fewest_packets(void)
{
    uint64_t fewest = UINT64_MAX;
    for (int i = 0; i < started; i++) {
        if (viewers[i].packets < fewest) {
            fewest = viewers[i].packets;
        }
    }
    return fewest;
}

static void measure(void)
{
    double until = mono_s() + options.warmup_s;
    while (mono_s() < until) {
        turn(until);
    }
    memset(&count, 0, sizeof count);
    measuring = true;
    printf("{\"event\": \"measuring\"}\n");
    fflush(stdout);
    double began = mono_s();
    double cpu_s = own_cpu_s();
    until = began + options.seconds;
    while (mono_s() < until) {
        turn(until);
    }
    double seconds = mono_s() - began;
    cpu_s = own_cpu_s() - cpu_s;
    printf("{\"event\": \"measured\", \"seconds\": %.4f, \"watching\": %d, \"closed\": %llu, "
           "\"video_packets\": %llu, \"audio_packets\": %llu, \"bytes\": %llu, "
           "\"lost\": %llu, \"out_of_order\": %llu, \"lagged\": %llu, \"pings\": %llu, "
           "\"packets_of_worst_viewer\": %llu, \"cpu_s\": %.4f, \"loop_ms_max\": %.2f, "
           "\"error\": \"%s\", \"delay_ms\": {",
           seconds, watching, (unsigned long long)count.closed, (unsigned long long)count.video,
           (unsigned long long)count.audio, (unsigned long long)count.bytes,
           (unsigned long long)count.lost, (unsigned long long)count.out_of_order,
           (unsigned long long)count.lagged, (unsigned long long)count.pings,
           (unsigned long long)fewest_packets(), cpu_s, (double)count.loop_us_max / 1000.0,
           first_error);
    histogram_print(stdout, "video", &video_delay);
    printf(", ");
    histogram_print(stdout, "audio", &audio_delay);
    printf("}}\n");
    fflush(stdout);
}

static void read_options(int argc, char **argv)
{
    static const struct option known[] = {
        {"host", required_argument, 0, 'h'},    {"port", required_argument, 0, 'p'},
        {"path", required_argument, 0, 'a'},    {"subscribe", required_argument, 0, 's'},
        {"viewers", required_argument, 0, 'v'}, {"batch", required_argument, 0, 'b'},
        {"warmup", required_argument, 0, 'w'},  {"seconds", required_argument, 0, 't'},
        {"connect-timeout", required_argument, 0, 'c'},
        {0, 0, 0, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, 0)) != -1) {
        switch (option) {
        case 'h': options.host = optarg; break;
        case 'p': options.port = atoi(optarg); break;
        case 'a': options.path = optarg; break;
        case 's': options.subscribe = optarg; break;
        case 'v': options.viewers = atoi(optarg); break;
        case 'b': options.batch = atoi(optarg); break;
        case 'w': options.warmup_s = atof(optarg); break;
        case 't': options.seconds = atof(optarg); break;
        case 'c': options.connect_timeout_s = atof(optarg); break;
        default: exit(2);
        }
    }
    if (options.viewers < 1 || options.batch < 1 || options.port < 1) {
        fprintf(stderr, "viewers: --port, --viewers and --batch are whole numbers above 0\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    viewers = calloc((size_t)options.viewers, sizeof *viewers);
    if (epoll_fd < 0 || !viewers) {
        die("start");
    }
    connect_all();
    measure();
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    for (int i = 0; i < started; i++) {
        if (viewers[i].fd >= 0) {
            close(viewers[i].fd);
        }
    }
    free(viewers);
    close(epoll_fd);
    return 0;
}
