/* The server's half of RFC 6455, taken in pieces of any size. No I/O.
 *
 * Only what a viewer needs is kept: of a binary message the media packet's header, of a text
 * message its beginning, of a control frame its payload. All other bytes are only counted.
 */
#ifndef LIVEHOUSE_SERVER_FRAMES_H
#define LIVEHOUSE_SERVER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OPCODE_TEXT 0x1
#define OPCODE_BINARY 0x2
#define OPCODE_CLOSE 0x8
#define OPCODE_PING 0x9
#define OPCODE_PONG 0xA

#define KEPT_BYTES_MAX 512
#define FRAME_BYTES_MAX (4u * 1024 * 1024)

struct frame_reader {
    uint8_t head[10];
    uint8_t head_bytes;
    uint8_t opcode;
    bool in_payload;
    uint16_t kept_bytes;
    uint64_t payload_bytes;
    uint64_t payload_left;
    uint8_t kept[KEPT_BYTES_MAX];
};

enum frame_result { FRAME_MORE, FRAME_DONE, FRAME_BAD };

static inline size_t frame_head_bytes(const uint8_t *head, size_t have)
{
    if (have < 2) {
        return 2;
    }
    uint8_t length = head[1] & 0x7F;
    return length == 126 ? 4 : length == 127 ? 10 : 2;
}

static inline bool frame_parse_head(struct frame_reader *reader)
{
    const uint8_t *head = reader->head;
    if ((head[0] & 0xF0) != 0x80 || (head[1] & 0x80)) {
        return false; /* fragments, extensions and masks have no place here */
    }
    reader->opcode = head[0] & 0x0F;
    uint64_t length = head[1] & 0x7F;
    if (length == 126) {
        length = ((uint64_t)head[2] << 8) | head[3];
    } else if (length == 127) {
        length = 0;
        for (int i = 2; i < 10; i++) {
            length = length << 8 | head[i];
        }
    }
    if (length > FRAME_BYTES_MAX || ((reader->opcode & 0x8) && length > 125)) {
        return false;
    }
    reader->payload_bytes = length;
    reader->payload_left = length;
    reader->kept_bytes = 0;
    reader->in_payload = true;
    return true;
}

/* Take bytes until one frame is complete; `*data` and `*size` move past what was taken.
 * After FRAME_DONE the frame stands in opcode, payload_bytes and kept until the next call. */
static inline enum frame_result frame_take(struct frame_reader *reader, const uint8_t **data,
                                           size_t *size)
{
    while (!reader->in_payload) {
        size_t wanted = frame_head_bytes(reader->head, reader->head_bytes);
        if (reader->head_bytes < wanted) {
            if (*size == 0) {
                return FRAME_MORE;
            }
            reader->head[reader->head_bytes++] = **data;
            (*data)++;
            (*size)--;
            continue;
        }
        if (!frame_parse_head(reader)) {
            return FRAME_BAD;
        }
    }
    size_t taken = *size < reader->payload_left ? *size : (size_t)reader->payload_left;
    size_t kept_max = reader->opcode == OPCODE_BINARY ? 24 : KEPT_BYTES_MAX - 1;
    size_t kept = kept_max - reader->kept_bytes;
    if (kept > taken) {
        kept = taken;
    }
    if (kept > 0) {
        memcpy(reader->kept + reader->kept_bytes, *data, kept);
        reader->kept_bytes = (uint16_t)(reader->kept_bytes + kept);
    }
    *data += taken;
    *size -= taken;
    reader->payload_left -= taken;
    if (reader->payload_left > 0) {
        return FRAME_MORE;
    }
    reader->in_payload = false;
    reader->head_bytes = 0;
    return FRAME_DONE;
}

#endif
