/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpp-packet-goes-out-of-scope, repaired: the destructor waits for the end.
 */

extern "C" {
#include "driver/errata.h"
#include "firmware/bugs/parts/ep0_device.h"
}

namespace
{

/* One 32-bit register of USBD. */
template <uint32_t offset> struct Register {
    static volatile uint32_t &at()
    {
        return *reinterpret_cast<volatile uint32_t *>(0x40027000u + offset);
    }
};

using StartEpIn0 = Register<0x004>;
using EndEpIn0 = Register<0x108>;
using EpIn0Ptr = Register<0x600>;
using EpIn0Maxcnt = Register<0x604>;

void fence()
{
    __asm__ volatile("dmb" ::: "memory");
}

/* A packet with a buffer of its own. */
class Packet
{
  public:
    Packet(const uint8_t *bytes, uint32_t count) : size(count)
    {
        for (uint32_t i = 0; i < count; i++)
            buffer[i] = bytes[i];
    }

    void start()
    {
        EndEpIn0::at() = 0;
        EpIn0Ptr::at() = reinterpret_cast<uint32_t>(&buffer[0]);
        EpIn0Maxcnt::at() = size;
        errata_before_dma();
        fence();
        StartEpIn0::at() = 1;
    }

    /* EasyDMA may still read the buffer. */
    ~Packet()
    {
        while (EndEpIn0::at() == 0)
            ;
        fence();
    }

    Packet(const Packet &) = delete;
    Packet &operator=(const Packet &) = delete;

  private:
    uint8_t buffer[64];
    uint32_t size;
};

} // namespace

extern "C" void ep0_send(const uint8_t *bytes, uint32_t size)
{
    Packet(bytes, size).start();
}

extern "C" void ep0_data_done(void)
{
    fence();
    errata_after_dma();
}

extern "C" int main(void)
{
    ep0_device_run();
}
