/* The yardstick of the fan-out bench: an epoll loop that does nothing but send (Linux).
 *
 * It takes WebSocket clients, lets them in without looking at what they ask for, and sends all of
 * them the packets of a schedule file (benchmarks/harness/packet_schedule.py): each packet is framed
 * once, each client gets its own send(), the least that plain sockets allow. What a socket does not
 * take is kept for it and sent when it can be, so that no byte is lost.
 *
 * stdout: {"event": "ready", "port": N}. It ends when stdin is closed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define CLIENTS_MAX 8192
#define PENDING_BYTES_MAX (4u * 1024 * 1024)
#define NOTSENT_LOWAT_BYTES (64 * 1024) /* as the relay sets it: the same work for the kernel */
#define FRAME_HEAD_BYTES_MAX 10

enum client_state { REQUESTING, SUBSCRIBING, WATCHING };

struct client {
    int fd;
    int place; /* in `clients` */
    enum client_state state;
    uint8_t request_end;
    uint8_t *pending;
    size_t pending_bytes;
    size_t pending_sent;
    struct client *next_dropped;
};

struct packet {
    uint64_t due_us;
    size_t frame_bytes;
    size_t head_bytes;
    uint8_t *frame;
    uint32_t sequence;
    uint64_t pts_us;
};

struct schedule_header {
    char magic[8];
    uint64_t packets, length_us, video_per_turn, audio_per_turn;
};

struct schedule_record {
    uint64_t due_us;
    uint32_t message_bytes, padding;
};

static struct client *clients[CLIENTS_MAX];
static int client_count;
static struct client *dropped; /* freed at the end of the turn: its events may still name them */
static struct packet *packets;
static struct schedule_header schedule;
static uint64_t next_packet, turn_number, began_mono_us;
static int epoll_fd, listen_fd, timer_fd;
static char listen_mark, timer_mark, stdin_mark;

static void die(const char *what)
{
    fprintf(stderr, "sender: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void put_be(uint8_t *at, int bytes, uint64_t value)
{
    for (int i = bytes - 1; i >= 0; i--) {
        at[i] = (uint8_t)value;
        value >>= 8;
    }
}

static uint64_t get_be(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static size_t put_frame_head(uint8_t *at, uint8_t opcode, uint64_t size)
{
    at[0] = 0x80 | opcode;
    if (size < 126) {
        at[1] = (uint8_t)size;
        return 2;
    }
    if (size < 65536) {
        at[1] = 126;
        put_be(at + 2, 2, size);
        return 4;
    }
    at[1] = 127;
    put_be(at + 2, 8, size);
    return 10;
}

static void load_schedule(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        die(path);
    }
    if (fread(&schedule, sizeof schedule, 1, file) != 1 ||
        memcmp(schedule.magic, "LHSCHED1", 8) != 0 || schedule.packets == 0) {
        fprintf(stderr, "sender: %s is not a schedule\n", path);
        exit(2);
    }
    packets = calloc(schedule.packets, sizeof *packets);
    for (uint64_t i = 0; packets && i < schedule.packets; i++) {
        struct schedule_record record;
        struct packet *packet = &packets[i];
        if (fread(&record, sizeof record, 1, file) != 1 || record.message_bytes < 24) {
            die("schedule is cut short");
        }
        packet->due_us = record.due_us;
        packet->frame = malloc(FRAME_HEAD_BYTES_MAX + record.message_bytes);
        if (!packet->frame) {
            die("malloc");
        }
        packet->head_bytes = put_frame_head(packet->frame, 0x2, record.message_bytes);
        packet->frame_bytes = packet->head_bytes + record.message_bytes;
        uint8_t *message = packet->frame + packet->head_bytes;
        if (fread(message, record.message_bytes, 1, file) != 1) {
            die("schedule is cut short");
        }
        packet->sequence = (uint32_t)get_be(message + 4, 4);
        packet->pts_us = get_be(message + 8, 8);
    }
    if (!packets) {
        die("calloc");
    }
    fclose(file);
}

static void watch_fd(int fd, uint32_t events, void *mark)
{
    struct epoll_event event = {.events = events, .data.ptr = mark};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void change_events(struct client *client, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_MOD, client->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void drop_client(struct client *client)
{
    client_count--;
    clients[client->place] = clients[client_count];
    clients[client->place]->place = client->place;
    close(client->fd);
    free(client->pending);
    client->pending = 0;
    client->fd = -1;
    client->next_dropped = dropped;
    dropped = client;
}

static void free_dropped(void)
{
    while (dropped) {
        struct client *client = dropped;
        dropped = client->next_dropped;
        free(client);
    }
}

static void keep_rest(struct client *client, const uint8_t *data, size_t size)
{
    size_t left = client->pending_bytes - client->pending_sent;
    if (left + size > PENDING_BYTES_MAX) {
        drop_client(client);
        return;
    }
    uint8_t *grown = malloc(left + size);
    if (!grown) {
        die("malloc");
    }
    if (left > 0) {
        memcpy(grown, client->pending + client->pending_sent, left);
    }
    memcpy(grown + left, data, size);
    free(client->pending);
    client->pending = grown;
    client->pending_bytes = left + size;
    client->pending_sent = 0;
    if (left == 0) {
        change_events(client, EPOLLIN | EPOLLOUT);
    }
}

static void send_to(struct client *client, const uint8_t *data, size_t size)
{
    if (client->pending) {
        keep_rest(client, data, size);
        return;
    }
    ssize_t sent = send(client->fd, data, size, MSG_NOSIGNAL);
    if (sent == (ssize_t)size) {
        return;
    }
    if (sent < 0) {
        if (errno != EAGAIN) {
            drop_client(client);
            return;
        }
        sent = 0;
    }
    keep_rest(client, data + sent, size - (size_t)sent);
}

static void send_pending(struct client *client)
{
    size_t left = client->pending_bytes - client->pending_sent;
    ssize_t sent = send(client->fd, client->pending + client->pending_sent, left, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN) {
            drop_client(client);
        }
        return;
    }
    client->pending_sent += (size_t)sent;
    if (client->pending_sent == client->pending_bytes) {
        free(client->pending);
        client->pending = 0;
        client->pending_bytes = client->pending_sent = 0;
        change_events(client, EPOLLIN);
    }
}

/* A packet's capture time is the moment when it was due, so that our own lateness counts as delay:
 * the relay's publisher, in its own process, is not late when the relay is. */
static void send_packet(struct packet *packet, uint64_t late_us)
{
    uint8_t *message = packet->frame + packet->head_bytes;
    uint64_t per_turn = message[1] == 1 ? schedule.video_per_turn : schedule.audio_per_turn;
    put_be(message + 4, 4, packet->sequence + turn_number * per_turn);
    put_be(message + 8, 8, packet->pts_us + turn_number * schedule.length_us);
    put_be(message + 16, 8, clock_us(CLOCK_REALTIME) - late_us);
    for (int i = client_count - 1; i >= 0; i--) {
        if (clients[i]->state == WATCHING) {
            send_to(clients[i], packet->frame, packet->frame_bytes);
        }
    }
}

static uint64_t next_due_mono_us(void)
{
    return began_mono_us + turn_number * schedule.length_us + packets[next_packet].due_us;
}

static void set_timer(void)
{
    uint64_t due = next_due_mono_us();
    struct itimerspec timer = {.it_value = {.tv_sec = (time_t)(due / 1000000),
                                            .tv_nsec = (long)(due % 1000000) * 1000}};
    if (timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &timer, 0) < 0) {
        die("timerfd_settime");
    }
}

static void send_due(void)
{
    uint64_t expired;
    if (read(timer_fd, &expired, sizeof expired) < 0 && errno != EAGAIN) {
        die("timer");
    }
    uint64_t now;
    while (next_due_mono_us() <= (now = clock_us(CLOCK_MONOTONIC))) {
        send_packet(&packets[next_packet], now - next_due_mono_us());
        if (++next_packet == schedule.packets) {
            next_packet = 0;
            turn_number++;
        }
    }
    set_timer();
}

static void accept_clients(void)
{
    int fd;
    while ((fd = accept4(listen_fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1, low_water = NOTSENT_LOWAT_BYTES;
        struct client *client = calloc(1, sizeof *client);
        if (!client || client_count == CLIENTS_MAX) {
            free(client);
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low_water, sizeof low_water);
        client->fd = fd;
        client->place = client_count;
        clients[client_count++] = client;
        watch_fd(fd, EPOLLIN, client);
    }
}

static void answer_client(struct client *client, const uint8_t *data, size_t size)
{
    static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                  "Connection: Upgrade\r\nSec-WebSocket-Protocol: livehouse.v1\r\n"
                                  "\r\n";
    static const char subscribed[] = "{\"type\":\"Subscribed\"}";
    static const char end[] = "\r\n\r\n";
    if (client->state == REQUESTING) {
        while (size > 0 && client->request_end < 4) {
            client->request_end = *data == (uint8_t)end[client->request_end]
                                      ? client->request_end + 1
                                      : *data == '\r';
            data++;
            size--;
        }
        if (client->request_end < 4) {
            return;
        }
        client->state = SUBSCRIBING;
        send_to(client, (const uint8_t *)upgrade, sizeof upgrade - 1);
    }
    if (size > 0 && client->fd >= 0 && client->state == SUBSCRIBING) {
        uint8_t frame[FRAME_HEAD_BYTES_MAX + sizeof subscribed];
        size_t head_bytes = put_frame_head(frame, 0x1, sizeof subscribed - 1);
        memcpy(frame + head_bytes, subscribed, sizeof subscribed - 1);
        client->state = WATCHING;
        send_to(client, frame, head_bytes + sizeof subscribed - 1);
    }
}

static void read_client(struct client *client)
{
    uint8_t buffer[4096];
    ssize_t got = recv(client->fd, buffer, sizeof buffer, 0);
    if (got > 0) {
        answer_client(client, buffer, (size_t)got);
    } else if (got == 0 || errno != EAGAIN) {
        drop_client(client);
    }
}

static void start(const char *schedule_path)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    load_schedule(schedule_path);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (epoll_fd < 0 || listen_fd < 0 || timer_fd < 0 ||
        bind(listen_fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(listen_fd, 1024) < 0 ||
        getsockname(listen_fd, (struct sockaddr *)&address, &size) < 0) {
        die("start");
    }
    watch_fd(listen_fd, EPOLLIN, &listen_mark);
    watch_fd(timer_fd, EPOLLIN, &timer_mark);
    watch_fd(STDIN_FILENO, EPOLLIN, &stdin_mark);
    began_mono_us = clock_us(CLOCK_MONOTONIC);
    set_timer();
    printf("{\"event\": \"ready\", \"port\": %d}\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void stop(void)
{
    while (client_count > 0) {
        drop_client(clients[0]);
    }
    free_dropped();
    for (uint64_t i = 0; i < schedule.packets; i++) {
        free(packets[i].frame);
    }
    free(packets);
}

static void take_event(struct client *client, uint32_t events)
{
    if (client->fd >= 0 && (events & EPOLLOUT) && client->pending) {
        send_pending(client);
    }
    if (client->fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        read_client(client);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: sender SCHEDULE_FILE\n");
        return 2;
    }
    start(argv[1]);
    for (;;) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(epoll_fd, events, EVENTS_MAX, -1);
        if (ready < 0 && errno != EINTR) {
            die("epoll_wait");
        }
        for (int i = 0; i < ready; i++) {
            void *mark = events[i].data.ptr;
            if (mark == &stdin_mark) {
                stop();
                return 0;
            }
            if (mark == &listen_mark) {
                accept_clients();
            } else if (mark == &timer_mark) {
                send_due();
            } else {
                take_event(mark, events[i].events);
            }
        }
        free_dropped();
    }
}
